//! How long a call takes, and which threads run the callbacks.

use std::thread;
use std::time::Instant;

use super::{note, tell};

/// The name of the fact that a thread has run a callback.
pub(crate) const CALLBACK_THREAD: &str = "callback-thread";

/// Makes a call, and tells how long it took. `name` is that of the fact.
pub fn call<T>(name: &str, call: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = call();
    tell(name, format_args!("{} ms", start.elapsed().as_millis()));
    result
}

/// Lets the check know in which thread a callback runs, which is the calling thread.
pub fn callback_thread() {
    note(CALLBACK_THREAD, format_args!("{:?}", thread::current().id()));
}
