//! What the loop promises, and the two programs that run on it.

mod downloads;
mod event_loop;
mod lost_wakeup;
mod steps;
