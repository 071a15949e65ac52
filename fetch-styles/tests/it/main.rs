//! What every style promises, and the program that runs them all.

mod cancelling;
mod fetcher;
mod program;
mod styles;
mod testing;
