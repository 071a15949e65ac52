//! The flag is looked at between two frames, so the spinner ends up to a frame late: a
//! sleep goes on to its end, where the channel of the chapter wakes at once. Nothing else
//! is handed over with the flag, so `Relaxed` is enough; `join` does the waiting.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use exercises::observe::spinner::{self, Animation, slow_function};

const FRAME_TIME: Duration = Duration::from_millis(250);

/// Turns until it is told to stop.
fn spin(message: &str, stop: &AtomicBool) {
    let mut animation = Animation::new(message);
    while !stop.load(Ordering::Relaxed) {
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
    stop.store(true, Ordering::Relaxed);
    spinner.join().expect("spin does not panic");
    answer
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
