//! The life of a future: each line is a call, and what it has returned. The pool has one
//! thread, which the first work holds until it is let go, while the second waits.
//!
//! ```text
//! $ cargo run -p flags-threadpool --bin future-tour
//! first                             <Future state=running>
//! first.running()                   true
//! first.done()                      false
//! first.cancel()                    false
//! …
//! ```
//!
//! `called` receives what a callback reports: the state of its future, and the thread
//! that has called it. What Rust itself says of the panic goes to standard error.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use flags_threadpool::{Future, ThreadPoolExecutor};

const SHORT: Duration = Duration::from_millis(10);

/// Writes a call as it stands here, and what it returns; or a future, and its state.
macro_rules! show {
    ($out:ident, $future:ident) => {
        writeln!($out, "{:34}{}", stringify!($future), $future)
    };
    ($out:ident, $call:expr) => {
        writeln!($out, "{:34}{:?}", stringify!($call), $call)
    };
}

/// A callback that tells the state of its future, and which thread has called it.
fn callback(calls: &Sender<String>) -> impl FnOnce(&Future<&'static str>) + Send + use<> {
    let calls = calls.clone();
    move |future| {
        let caller = thread::current().name().unwrap_or("no name").to_owned();
        // Nobody listens any more where the tour has ended early.
        let _ = calls.send(format!("{future} in {caller}"));
    }
}

fn tour(out: &mut dyn Write) -> io::Result<()> {
    let executor = ThreadPoolExecutor::new(1);
    // `let_go` is dropped before the pool, however the tour ends: nothing holds the
    // worker then.
    let (let_go, held) = mpsc::channel::<()>();
    let (calls, called) = mpsc::channel();
    let tell = || callback(&calls);

    let first = executor.submit(move || {
        let _ = held.recv();
        "BR"
    });
    show!(out, first)?;
    show!(out, first.running())?;
    show!(out, first.done())?;
    show!(out, first.cancel())?;
    show!(out, first.result_timeout(SHORT))?;
    show!(out, first.add_done_callback(tell()))?;
    show!(out, called.try_recv())?;

    let second = executor.submit(|| "CN");
    show!(out, second)?;
    show!(out, second.running())?;
    show!(out, second.add_done_callback(tell()))?;
    show!(out, second.cancel())?;
    show!(out, called.try_recv())?;
    show!(out, second.cancelled())?;
    show!(out, second.done())?;
    show!(out, second.result())?;

    show!(out, drop(let_go))?;
    // The worker leaves the result, and then calls the callbacks: so wait for the call.
    show!(out, called.recv())?;
    show!(out, first.done())?;
    show!(out, first.result())?;
    show!(out, first.add_done_callback(tell()))?;
    show!(out, called.try_recv())?;

    let third = executor.submit(|| -> &str { panic!("no red left") });
    show!(out, third.result())?;
    show!(out, third)?;
    let fourth = executor.submit(|| "the worker lives on");
    show!(out, fourth.result())
}

fn main() -> ExitCode {
    let about =
        "Shows the life of a future: each line is a call, and what it has returned";
    flags_common::experiment::main(about, tour)
}
