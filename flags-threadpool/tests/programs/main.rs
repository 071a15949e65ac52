//! What the programs of this crate promise.

#![allow(clippy::duplicate_mod, reason = "each program has its tests to itself")]

mod flags_scope;
mod flags_simple_pool;
mod flags_threadpool;
mod flags_threadpool_ac;
mod future_tour;
