//! Who forgot `drop(signal)`?
//!
//! Three slow functions run at once, each in a thread of its own, and the spinner is to
//! turn until the last of them has ended. Each of them has a sender of the channel, and
//! drops it when it is done. But the program never ends, and the line turns for ever:
//! Ctrl-C stops it. A channel is closed when *all* its senders are gone. Find the one
//! that is left, and drop it.
//!
//! Now: It was still running after 6 s, and has been stopped. What does it wait for?

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
    spinner.join().expect("spin does not panic");
    let answers = threads.map(|thread| thread.join().expect("it only sleeps"));
    answers.iter().sum()
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
