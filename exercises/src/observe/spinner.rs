//! The spinner of the course, for exercises: it has the names of
//! [`flags_common::spinner`], and notes for the check what happens, in its order.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use flags_common::spinner as course;
use tokio::task;

/// A line that turns until it is dropped.
pub struct Animation<'a>(course::Animation<'a>);

impl<'a> Animation<'a> {
    /// An animation of `message`, with nothing drawn yet.
    #[must_use]
    pub fn new(message: &'a str) -> Self {
        Self(course::Animation::new(message))
    }

    /// Draws the next frame in the place of the one before.
    pub fn draw_next(&mut self) {
        self.0.draw_next();
        event("frame");
    }
}

impl Drop for Animation<'_> {
    fn drop(&mut self) {
        event("stopped");
    }
}

/// Takes its time, in which its thread can do nothing else.
#[must_use]
pub fn slow_function(duration: Duration) -> u32 {
    thread::sleep(duration);
    event("slow-end");
    42
}

/// Prints a line while the spinner may be turning.
pub fn say(line: &str) {
    course::print_line(line);
    event(if task::try_id().is_some() { "said-by-a-task" } else { "said" });
}

/// Runs a spinner as the command line says: calls `supervisor` with the time that the
/// slow function is to take, and prints the answer it returns.
pub fn main(supervisor: impl FnOnce(Duration) -> u32) -> ExitCode {
    course::main(|duration| {
        let answer = supervisor(duration);
        event("answer");
        answer
    })
}

/// Notes what has happened, and how many milliseconds after the first note.
fn event(what: &str) {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let time = FIRST.get_or_init(Instant::now).elapsed().as_millis();
    super::note("spinner", format_args!("{what} {time}"));
}
