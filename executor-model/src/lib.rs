//! What stands for `std` and for `crossbeam-channel` when the model compiles the sources
//! of the executor. With the feature `shuttle`, it is [shuttle]'s scheduler that decides,
//! each time that a thread locks, waits, wakes another or starts, which thread goes on.
//!
//! It knows no time, so nothing times out; and no weak memory: each atomic operation is
//! seen by all at once. Without the feature all is real, for Miri, which knows both, but
//! is some thousand times slower.
//!
//! [Its chapter](../../book/en/where-are-the-futures.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).
//!
//! [shuttle]: https://docs.rs/shuttle

#[cfg(feature = "shuttle")]
mod channel;

// What is named here has precedence over the same name in `std`.
#[cfg(feature = "shuttle")]
pub use shuttle::{sync, thread};
pub use std::*;

#[cfg(feature = "shuttle")]
pub use self::channel::{Receiver, Sender, bounded, unbounded};
#[cfg(not(feature = "shuttle"))]
pub use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
