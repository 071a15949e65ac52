//! What every style promises, and the program that runs them all.

mod program;
mod site;
mod styles;
