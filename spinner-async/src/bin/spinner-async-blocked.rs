//! WRONG on purpose: the slow function blocks the event loop, and nothing ever turns.
//!
//! ```text
//! $ cargo run -p spinner-async --bin spinner-async-blocked
//! spinner object: <Task state=pending>
//! Answer: 42
//! ```
//!
//! For three seconds the only thread stands still. The task of the spinner is cancelled
//! before it has had a single turn. `spinner-async` is the right version.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use flags_common::spinner::{self, Animation, FRAME_TIME, print_line};
use tokio::{runtime::Builder, task, time::sleep};

/// Turns until its task is cancelled.
async fn spin(message: &str) {
    let mut animation = Animation::new(message);
    loop {
        animation.draw_next();
        sleep(FRAME_TIME).await;
    }
}

/// Takes its time, in which its thread, the only one, runs no other task.
#[expect(clippy::unused_async, reason = "clippy sees the mistake that is shown here")]
async fn slow_function(duration: Duration) -> u32 {
    // WRONG: only an `await` lets the event loop run other tasks, and here is none.
    thread::sleep(duration);
    42
}

/// Starts the spinner, waits for the slow function, and stops the spinner.
async fn supervisor(duration: Duration) -> u32 {
    let spinner = task::spawn(spin("thinking!"));
    // The handle is asked, since its own `{:?}` says nothing of the task's state.
    let state = if spinner.is_finished() { "finished" } else { "pending" };
    print_line(format_args!("spinner object: <Task state={state}>"));
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
