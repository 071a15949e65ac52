//! Wrong: it draws the frames of three seconds, however long the slow function takes.
//!
//! Told: The spinner drew … more frames after the slow function had ended, as if nobody
//! had told it.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, sleep};
use std::time::Duration;

use exercises::observe::spinner::{self, Animation, slow_function};

const FRAME_TIME: Duration = Duration::from_millis(250);

/// Turns until it is told to stop.
fn spin(message: &str, _stop: &AtomicBool) {
    let mut animation = Animation::new(message);
    for _ in 0..12 {
        animation.draw_next();
        sleep(FRAME_TIME);
    }
}

/// Starts the spinner, waits for the slow function, and stops the spinner.
fn supervisor(duration: Duration) -> u32 {
    let stop = Arc::new(AtomicBool::new(false));
    let seen_by_spinner = Arc::clone(&stop);
    let spinner = thread::spawn(move || spin("thinking!", &seen_by_spinner));
    let answer = slow_function(duration);
    spinner.join().expect("spin does not panic");
    answer
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
