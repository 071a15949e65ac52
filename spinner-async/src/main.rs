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
//!
//! [Its chapter](../../book/en/two-spinners.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;
use std::time::Duration;

use flags_common::spinner::{self, Animation, FRAME_TIME, print_line};
use tokio::{runtime::Builder, task, time::sleep};

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
async fn supervisor(duration: Duration) -> u32 {
    let spinner = task::spawn(spin("thinking!"));
    // It is pending until our first `await`, for both run on this one thread. The handle
    // is asked, since its own `{:?}` says nothing of the task's state.
    let state = if spinner.is_finished() { "finished" } else { "pending" };
    print_line(format_args!("spinner object: <Task state={state}>"));
    let answer = slow_function(duration).await;
    // This only marks the task. The event loop drops it during the `await`, whose result
    // is an error that says `cancelled`: which is expected.
    spinner.abort();
    let _ = spinner.await;
    answer
}

fn main() -> ExitCode {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("a loop with only a timer opens nothing");
    spinner::main(|duration| event_loop.block_on(supervisor(duration)))
}
