//! Wrong: the work itself tells its thread. The name is the right one, but work that is
//! cancelled tells nothing.
//!
//! Told: A callback of the future that was cancelled was called 0 times, and it should be
//! once.

use std::sync::mpsc;

use exercises::observe;
use flags_threadpool::{Future, ThreadPoolExecutor};

/// Leaves a callback with a future, which tells the thread that calls it.
fn tell_who_calls(name: &'static str, future: &Future<&'static str>) {
    future.add_done_callback(move |_| println!("{name}"));
}

fn main() {
    let executor = ThreadPoolExecutor::new(1);
    let (let_go, held) = mpsc::channel::<()>();
    let first = executor.submit(move || {
        let _ = held.recv(); // Until `let_go` is dropped.
        observe::thread("running");
        "BR"
    });
    tell_who_calls("running", &first);

    let second = executor.submit(|| {
        observe::thread("cancelled");
        "CN"
    });
    tell_who_calls("cancelled", &second);
    second.cancel();

    drop(let_go);
    first.result().expect("it neither panics nor is it cancelled");
    tell_who_calls("done", &first);
}
