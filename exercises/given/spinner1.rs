//! A flag in place of the channel.
//!
//! This spinner has no channel that closes. A flag which both threads can see is to stop
//! it: `supervisor` sets the flag when the slow function has returned, `spin` looks at it
//! after each frame, and `supervisor` waits until the spinner's thread has ended. But
//! nobody sets the flag, nobody looks at it, and nobody waits. So the program ends while
//! the spinner is still turning, and a frame is left on the line. Mend that.
//!
//! A frame stands for 250 ms here. How late does a spinner stop that is stopped by a
//! flag? The check tells it.
//!
//! Now: The answer was there while the spinner was still turning. It has to be told to
//! stop, and `supervisor` has to wait until its thread has ended.

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
    loop {
        animation.draw_next();
        sleep(FRAME_TIME);
    }
}

/// Starts the spinner, waits for the slow function, and stops the spinner.
fn supervisor(duration: Duration) -> u32 {
    let stop = Arc::new(AtomicBool::new(false));
    let seen_by_spinner = Arc::clone(&stop);
    thread::spawn(move || spin("thinking!", &seen_by_spinner));
    slow_function(duration)
}

fn main() -> ExitCode {
    spinner::main(supervisor)
}
