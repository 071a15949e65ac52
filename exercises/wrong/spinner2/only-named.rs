//! Wrong: `let _ = signal` looks like dropping, but `_` takes nothing. The sender stays
//! where it is.
//!
//! Told: It was still running after 6 s, and has been stopped. What does it wait for?

use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError::Timeout};
use std::thread;
use std::time::Duration;

use exercises::observe::spinner::{self, Animation, slow_function};
use flags_common::spinner::FRAME_TIME;

/// Turns until all senders that belong to `done` are dropped.
fn spin(message: &str, done: &Receiver<()>) {
    let mut animation = Animation::new(message);
    animation.draw_next();
    while done.recv_timeout(FRAME_TIME) == Err(Timeout) {
        animation.draw_next();
    }
}

/// Starts the spinner and three slow functions, of which the last takes `duration`.
fn supervisor(duration: Duration) -> u32 {
    let (signal, done) = mpsc::channel();
    let spinner = thread::spawn(move || spin("thinking!", &done));
    let start = |thirds| {
        let signal = signal.clone();
        thread::spawn(move || {
            let answer = slow_function(duration * thirds / 3);
            drop(signal);
            answer
        })
    };
    let threads = [start(1), start(2), start(3)];
    let _ = signal;
    spinner.join().expect("spin does not panic");
    let answers = threads.map(|thread| thread.join().expect("it only sleeps"));
    answers.iter().sum()
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
