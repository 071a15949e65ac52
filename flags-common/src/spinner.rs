//! The text spinner, and whatever else its programs would do alike.
//!
//! `spinner-thread` and `spinner-async` lie side by side to show two ways of doing one
//! thing while another takes its time. What is not about waiting stands here: the
//! animation, the command line, and the end by Ctrl-C. It needs nothing but the standard
//! library, so that a spinner is built in seconds.

use std::env;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::mem;
use std::process::{self, ExitCode};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::program::{self, INTERRUPTED};

/// How long a frame stands before the next one takes its place.
pub const FRAME_TIME: Duration = Duration::from_millis(100);

/// What turns: one after another, these stand before the message.
const FRAMES: [char; 4] = ['\\', '|', '/', '-'];

/// How long the slow function takes unless the command line says otherwise.
const SLOW: Duration = Duration::from_secs(3);

/// What a terminal shows of the keys that interrupt a program.
const CTRL_C: &str = "^C";

/// A line that turns, `\ thinking!`, `| thinking!` and so on, until it is dropped, which
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
/// Before that it hands `set_ctrl_c_handler` the function to call, on a thread that does
/// nothing else, when Ctrl-C is pressed. `ctrlc::set_handler` will do; that the caller
/// brings it keeps this module free of dependencies.
///
/// The exit status is 0 when all went well, 1 when Ctrl-C cannot be listened for or
/// standard output not be written, 2 when the command line is wrong, and 130 after
/// Ctrl-C.
pub fn main<E: Display>(
    supervisor: impl FnOnce(Duration) -> u32,
    set_ctrl_c_handler: impl FnOnce(fn()) -> Result<(), E>,
) -> ExitCode {
    let arguments = env::args_os().skip(1);
    match read_arguments(arguments.map(|text| text.to_string_lossy().into_owned())) {
        Ok(Some(duration)) => {
            if let Err(error) = set_ctrl_c_handler(interrupt) {
                return fail(1, format_args!("cannot listen for Ctrl-C: {error}"));
            }
            let answer = supervisor(duration);
            // No `print_line`, which would hide a frame that was left standing: to stop
            // the spinner is the lesson of `supervisor`, and to wipe that of the spinner.
            screen().write(format_args!("Answer: {answer}\n"));
        }
        Ok(None) => print_line(help()),
        Err(problem) => return fail(2, format_args!("{problem}\n\n{MORE}")),
    }
    match &screen().error {
        // A reader that has seen enough and closed its end is no failure.
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            fail(1, format_args!("cannot write to standard output: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

const MORE: &str = "For more information, try '--help'.";

/// What `--help` prints.
fn help() -> String {
    let program = program::name();
    format!(
        "Turns a text spinner while a slow function takes its time

Usage: {program} [OPTIONS]

Options:
      --seconds <N>  How long the slow function takes; 0.5 is half a second \
[default: {}]
  -h, --help         Print help",
        SLOW.as_secs()
    )
}

/// How long the slow function is to take, or `None` where help is asked for. Written by
/// hand, because a parser would take longer to build than all the rest.
fn read_arguments(
    mut arguments: impl Iterator<Item = String>,
) -> Result<Option<Duration>, String> {
    let mut duration = SLOW;
    while let Some(argument) = arguments.next() {
        let value = match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--seconds" => arguments.next().ok_or("--seconds needs a number")?,
            other => match other.strip_prefix("--seconds=") {
                Some(value) => value.to_owned(),
                None => return Err(format!("unexpected argument '{other}'")),
            },
        };
        let seconds = value.parse().ok();
        duration = seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .ok_or_else(|| {
                format!("--seconds takes a number like 3 or 0.5, not '{value}'")
            })?;
    }
    Ok(Some(duration))
}

/// Ends the program at once, whatever its threads are doing.
///
/// No `Drop` runs on the way out, so the line is wiped here. The screen stays locked to
/// the very end, so that a spinner that still turns cannot draw another frame.
fn interrupt() {
    let mut screen = screen();
    screen.width += CTRL_C.len();
    screen.wipe();
    process::exit(INTERRUPTED.into());
}

/// Says what is wrong, and gives the exit status for it.
fn fail(status: u8, problem: impl Display) -> ExitCode {
    // When standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "error: {problem}");
    ExitCode::from(status)
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
            let mut stdout = io::stdout();
            let written = write!(stdout, "{text}").and_then(|()| stdout.flush());
            self.error = written.err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Option<Duration>, String> {
        read_arguments(arguments.iter().map(ToString::to_string))
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
        assert_eq!(read(&["--seconds"]), Err("--seconds needs a number".to_owned()));
        assert_eq!(read(&["3"]), Err("unexpected argument '3'".to_owned()));
    }
}
