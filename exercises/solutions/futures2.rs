//! What is in the closure runs when the callback is called, in the thread that calls it:
//! the one that ends the work, or cancels it, or leaves the callback when it is done
//! already.

use std::sync::mpsc;

use exercises::observe;
use flags_threadpool::{Future, ThreadPoolExecutor};

/// Leaves a callback with a future, which tells the thread that calls it.
fn tell_who_calls(name: &'static str, future: &Future<&'static str>) {
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
