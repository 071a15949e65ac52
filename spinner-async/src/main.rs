//! Turns a spinner in a task while a slow function waits on the same thread.
//!
//! ```text
//! $ cargo run -p spinner-async
//! spinner object: <Task state=pending>
//! | thinking!
//! Answer: 42
//! ```
//!
//! The line in the middle turns for three seconds, then the answer takes its place.

use std::process::ExitCode;
use std::time::Duration;

use flags_common::spinner::{self, Animation, FRAME_TIME, print_line};
use tokio::{task, time::sleep};

/// Turns until its task is cancelled.
async fn spin(message: &str) {
    let mut animation = Animation::new(message);
    loop {
        animation.draw_next();
        // A cancelled task is not told. It goes no further than here and is dropped with
        // all that it holds, so a line after the loop would never run. `animation` wipes
        // the line because its `Drop` runs even then.
        sleep(FRAME_TIME).await;
    }
}

/// Takes its time, in which its thread runs the other tasks.
async fn slow_function(duration: Duration) -> u32 {
    sleep(duration).await;
    42
}

/// Starts the spinner, waits for the slow function, and stops the spinner.
#[tokio::main(flavor = "current_thread")]
async fn supervisor(duration: Duration) -> u32 {
    let spinner = task::spawn(spin("thinking!"));
    let state = if spinner.is_finished() { "finished" } else { "pending" };
    print_line(format_args!("spinner object: <Task state={state}>"));
    let answer = slow_function(duration).await;
    // This only marks the task. The event loop drops it during the `await`, whose result
    // is an error that says `cancelled`: just what was asked for.
    spinner.abort();
    let _ = spinner.await;
    answer
}

fn main() -> ExitCode {
    spinner::main(supervisor, ctrlc::set_handler)
}
