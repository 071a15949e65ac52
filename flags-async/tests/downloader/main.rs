//! What all downloaders promise, tested on those of this crate.

#![allow(clippy::duplicate_mod, reason = "each program has the tests to itself")]

mod flags_async;
mod flags_async_buffered;
