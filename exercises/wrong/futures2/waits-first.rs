//! Wrong: it waits until the future is done, and then leaves the callback. But the first
//! work is held until later, by the same thread.
//!
//! Told: It was still running after 6 s, and has been stopped. What does it wait for?

use std::sync::mpsc;

use exercises::observe;
use flags_threadpool::{Future, ThreadPoolExecutor};

/// Leaves a callback with a future, which tells the thread that calls it.
fn tell_who_calls(name: &'static str, future: &Future<&'static str>) {
    let _ = future.result();
    future.add_done_callback(move |_| observe::thread(name));
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
