//! Wrong: the line after the loop is reached, but only because the spinner no longer
//! turns until it is cancelled.
//!
//! Told: "bye" was said … ms after the first frame, and the slow function took 600. The
//! spinner should turn until it is cancelled.

use std::process::ExitCode;
use std::time::Duration;

use exercises::observe::spinner::{self, Animation, say};
use flags_common::spinner::FRAME_TIME;
use tokio::{runtime::Builder, task, time::sleep};

/// Turns until its task has drawn four frames.
async fn spin(message: &str) {
    let mut animation = Animation::new(message);
    for _ in 0..4 {
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
