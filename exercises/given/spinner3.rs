//! The spinner says bye.
//!
//! The task of this spinner is to say "bye" as its last word, once, on a line of its own.
//! The line that says it stands after the loop of `spin`. But `supervisor` cancels the
//! task long before the loop has ended, and the task is dropped at its `.await`. Let the
//! task say it all the same. `supervisor` is right as it is, and `say` prints a line.
//!
//! Now: `say` has said "bye" 0 times, and it should be once: the spinner was cancelled
//! after … frames.

use std::process::ExitCode;
use std::time::Duration;

use exercises::observe::spinner::{self, Animation, say};
use flags_common::spinner::FRAME_TIME;
use tokio::{runtime::Builder, task, time::sleep};

/// Turns until its task is cancelled, or for an hour.
async fn spin(message: &str) {
    let mut animation = Animation::new(message);
    for _ in 0..36_000 {
        animation.draw_next();
        sleep(FRAME_TIME).await;
    }
    say("bye");
}

/// Takes its time, in which its thread runs the other tasks.
async fn slow_function(duration: Duration) -> u32 {
    sleep(duration).await;
    42
}

/// Starts the spinner, waits for the slow function, and cancels the spinner.
async fn supervisor(duration: Duration) -> u32 {
    let spinner = task::spawn(spin("thinking!"));
    let answer = slow_function(duration).await;
    spinner.abort();
    let _ = spinner.await;
    answer
}

fn main() -> ExitCode {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("a loop with only a timer opens nothing");
    spinner::main(|duration| event_loop.block_on(supervisor(duration)))
}
