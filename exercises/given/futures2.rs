//! A callback that names its thread.
//!
//! A pool has one worker, `worker-1`. Three futures are looked at: one whose work is
//! running, one that is pending and then cancelled, and one whose work is done.
//! `tell_who_calls` is to leave a callback with each of them, and the callback is to tell
//! which thread calls it: `observe::thread` tells the name of the thread that it is
//! called in. Predict the three names first. As it stands, it is not called by a callback
//! at all.
//!
//! Now: The callback of the future that was running was called by main, and it should be
//! worker-1.

use std::sync::mpsc;

use exercises::observe;
use flags_threadpool::{Future, ThreadPoolExecutor};

/// Leaves a callback with a future, which tells the thread that calls it.
fn tell_who_calls(name: &'static str, future: &Future<&'static str>) {
    observe::thread(name);
    future.add_done_callback(|_| {});
}

fn main() {
    let executor = ThreadPoolExecutor::new(1);
    let (let_go, held) = mpsc::channel::<()>();
    let first = executor.submit(move || {
        let _ = held.recv(); // Until `let_go` is dropped.
        "BR"
    });
    tell_who_calls("running", &first);

    let second = executor.submit(|| "CN");
    tell_who_calls("cancelled", &second);
    second.cancel();

    drop(let_go);
    first.result().expect("it neither panics nor is it cancelled");
    tell_who_calls("done", &first);
}
