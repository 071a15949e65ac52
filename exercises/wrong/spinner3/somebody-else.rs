//! Wrong: the right words in the right place, but it is `supervisor` that says them.
//!
//! Told: It was not the task of the spinner that said "bye", but somebody else.

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
    say("bye");
    answer
}

fn main() -> ExitCode {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("a loop with only a timer opens nothing");
    spinner::main(|duration| event_loop.block_on(supervisor(duration)))
}
