//! The text spinner, and whatever else its programs would do alike.
//!
//! `spinner-thread` and `spinner-async` lie side by side to show two ways of doing one
//! thing while another takes its time. What is not about waiting stands here: the
//! animation, the command line, and the end by Ctrl-C.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lexopt::{Parser, ValueExt};

use crate::program;

/// How long a frame stands before the next one takes its place.
pub const FRAME_TIME: Duration = Duration::from_millis(100);

/// What turns: one after another, these stand before the message.
const FRAMES: [char; 4] = ['|', '/', '-', '\\'];

/// How long the slow function takes unless the command line says otherwise.
const SLOW: Duration = Duration::from_secs(3);

/// What a terminal shows of the keys that interrupt a program.
const CTRL_C: &str = "^C";

/// A line that turns, `| thinking!`, `/ thinking!` and so on, until it is dropped, which
/// wipes it (*Fluent Python*, 1st ed., example 18-1).
///
/// It is shown on a terminal only. To a pipe or a file, where nothing can be wiped, it
/// writes nothing at all.
pub struct Animation<'a> {
    message: &'a str,
    next: usize,
}

impl<'a> Animation<'a> {
    /// An animation of `message`, with nothing drawn yet.
    #[must_use]
    pub fn new(message: &'a str) -> Self {
        Self { message, next: 0 }
    }

    /// Draws the next frame in the place of the one before.
    pub fn draw_next(&mut self) {
        screen().draw(&format!("{} {}", FRAMES[self.next], self.message));
        self.next = (self.next + 1) % FRAMES.len();
    }
}

impl Drop for Animation<'_> {
    fn drop(&mut self) {
        screen().wipe();
    }
}

/// Writes a line to standard output while the spinner may be turning: a frame that stands
/// there is wiped, and the next one is drawn below. When writing fails the program goes
/// on, and [`main`] reports it at the end.
pub fn print_line(line: impl Display) {
    let mut screen = screen();
    screen.wipe();
    screen.write(format_args!("{line}\n"));
}

/// Runs a spinner as the command line says: calls `supervisor` with the time that the
/// slow function is to take, and prints the answer it returns.
///
/// The exit status is 0 when all went well, 1 when Ctrl-C cannot be listened for, no
/// thread be started or standard output not be written, 2 when the command line is wrong,
/// and 130 after Ctrl-C.
pub fn main(supervisor: impl FnOnce(Duration) -> u32) -> ExitCode {
    program::guarded(|| run(supervisor))
}

fn run(supervisor: impl FnOnce(Duration) -> u32) -> ExitCode {
    match read_arguments(Parser::from_env()) {
        Ok(Some(duration)) => {
            if let Err(error) = program::end_on_ctrl_c(|_| wipe_for_ever()) {
                return program::fail(error);
            }
            let answer = supervisor(duration);
            // No `print_line`, which would hide a frame that was left standing: to stop
            // the spinner is the lesson of `supervisor`, and to wipe that of the spinner.
            screen().write(format_args!("Answer: {answer}\n"));
        }
        Ok(None) => print_line(help()),
        Err(problem) => {
            program::fail(format_args!("{problem}\n\n{MORE}"));
            return ExitCode::from(2);
        }
    }
    program::exit_status(screen().error.take().map_or(Ok(true), Err))
}

const MORE: &str = "For more information, try '--help'.";

/// What `--help` prints.
fn help() -> String {
    let program = program::name();
    format!(
        "Turns a text spinner while a slow function takes its time

Usage: {program} [OPTIONS]

Options:
      --seconds <N>  How long the slow function takes, like 0.5 [default: {}]
  -h, --help         Print help",
        SLOW.as_secs()
    )
}

/// How long the slow function is to take, or `None` where help is asked for.
fn read_arguments(mut parser: Parser) -> Result<Option<Duration>, lexopt::Error> {
    use lexopt::Arg::{Long, Short};

    let mut duration = SLOW;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("seconds") => duration = parse_seconds(&parser.value()?.string()?)?,
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(duration))
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("--seconds takes a number like 3 or 0.5, not '{text}'"))
}

/// Wipes the line before Ctrl-C ends the program, for no `Drop` runs on the way out. The
/// screen stays locked, so that a spinner that still turns cannot draw another frame.
fn wipe_for_ever() {
    let mut screen = screen();
    screen.width += CTRL_C.len();
    screen.wipe();
    mem::forget(screen);
}

/// Standard output, and what is known of it.
struct Screen {
    /// How many columns the frame takes that stands on the line; 0 where there is none.
    width: usize,
    error: Option<io::Error>,
}

/// Shared by the spinner, the function beside it and Ctrl-C, whose threads would write
/// into one another's lines.
static SCREEN: Mutex<Screen> = Mutex::new(Screen { width: 0, error: None });

fn screen() -> MutexGuard<'static, Screen> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Screen {
    fn draw(&mut self, frame: &str) {
        if io::stdout().is_terminal() {
            self.write(format_args!("\r{frame}"));
            self.width = frame.chars().count();
        }
    }

    /// Overwrites the frame with blanks: an escape sequence would be shorter, but older
    /// Windows consoles show it instead of obeying. For the same reason the cursor is
    /// never hidden, and so cannot stay hidden either, however the program ends.
    fn wipe(&mut self) {
        let width = mem::take(&mut self.width);
        if width > 0 && io::stdout().is_terminal() {
            self.write(format_args!("\r{:width$}\r", ""));
        }
    }

    /// Writes at once; after an error nothing more.
    fn write(&mut self, text: impl Display) {
        if self.error.is_none() {
            let mut stdout = program::stdout();
            let written = write!(stdout, "{text}").and_then(|()| stdout.flush());
            self.error = written.err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<Duration>, String> {
        let parser = Parser::from_args(arguments.iter().copied());
        read_arguments(parser).map_err(|error| error.to_string())
    }

    #[test]
    fn seconds_are_read_in_both_forms_and_with_fractions() {
        assert_eq!(read(&[]), Ok(Some(Duration::from_secs(3))));
        let half = Ok(Some(Duration::from_millis(500)));
        assert_eq!(read(&["--seconds", "0.5"]), half);
        assert_eq!(read(&["--seconds=.5"]), half);
        assert_eq!(read(&["--seconds", "0"]), Ok(Some(Duration::ZERO)));
        assert_eq!(read(&["--seconds", "1", "--help"]), Ok(None));
    }

    #[test]
    fn what_is_no_time_is_named() {
        for wrong in ["", "three", "0,5", "-1", "nan", "inf", "1e30"] {
            let expected =
                format!("--seconds takes a number like 3 or 0.5, not '{wrong}'");
            assert_eq!(read(&["--seconds", wrong]), Err(expected));
        }
        for (wrong, named) in [("--seconds", "--seconds"), ("3", "\"3\""), ("-x", "-x")] {
            let error = read(&[wrong]).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
