//! Turns a spinner in a second thread while a slow function blocks the first.
//!
//! ```text
//! $ cargo run -p spinner-thread
//! spinner object: <Thread state=running>
//! | thinking!
//! Answer: 42
//! ```
//!
//! The line in the middle turns for three seconds, then the answer takes its place.
//!
//! [Its chapter](../../book/en/two-spinners.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError::Timeout};
use std::thread::{self, sleep};
use std::time::Duration;

use flags_common::spinner::{self, Animation, FRAME_TIME, print_line};

/// Turns until the sender that belongs to `done` is dropped.
fn spin(message: &str, done: &Receiver<()>) {
    let mut animation = Animation::new(message);
    animation.draw_next();
    // A sleep would go on to its end before the signal is seen; this wakes at once.
    while done.recv_timeout(FRAME_TIME) == Err(Timeout) {
        animation.draw_next();
    }
}

/// Takes its time, in which its thread can do nothing else.
fn slow_function(duration: Duration) -> u32 {
    sleep(duration);
    42
}

/// Starts the spinner, waits for the slow function, and stops the spinner.
fn supervisor(duration: Duration) -> u32 {
    let (signal, done) = mpsc::channel();
    let spinner = thread::spawn(move || spin("thinking!", &done));
    // The handle is asked, since its own `{:?}` says nothing of the thread's state.
    let state = if spinner.is_finished() { "finished" } else { "running" };
    print_line(format_args!("spinner object: <Thread state={state}>"));
    let answer = slow_function(duration);
    // A thread cannot be stopped from outside. It ends by itself once its sender is gone.
    drop(signal);
    spinner.join().expect("spin does not panic");
    answer
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
