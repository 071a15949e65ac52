//! What every program here says of itself, and how it ends.

mod resources;
mod stop;

use std::env;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::Arc;
#[cfg(feature = "download")]
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

#[cfg(any(feature = "hyper", feature = "reqwest", feature = "ureq"))]
pub(crate) use self::resources::causes;
#[cfg(feature = "download")]
pub(crate) use self::resources::{are_exhausted, what_files_lack};
pub use self::resources::{guarded, in_words};
pub use self::stop::{Stop, on_stop};

/// The exit status of a program that Ctrl-C has ended: 128 and the signal's number.
pub const INTERRUPTED: u8 = 130;

/// What this program is called: `flags-async`.
pub(crate) fn name() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    path.file_stem().map_or_else(|| "flags".into(), |name| name.to_string_lossy().into())
}

/// How this program names itself to a site: `flags-async/0.1.0 (run 8f3a2c)`.
#[cfg(feature = "download")]
pub(crate) fn user_agent() -> String {
    format!("{}/{} (run {})", name(), env!("CARGO_PKG_VERSION"), run())
}

/// What this run of the program is called, which is drawn by chance, so that the site can
/// tell two runs from each other: `8f3a2c`.
#[cfg(feature = "download")]
pub(crate) fn run() -> String {
    static RUN: LazyLock<u32> = LazyLock::new(|| fastrand::u32(..1 << 24));
    format!("{:06x}", *RUN)
}

/// Lets Ctrl-C, and what is like it, end the program at any moment, whatever its threads
/// are waiting for, with the status of what has ended it.
///
/// Before that it calls `last_words`, which have 0.4 seconds. Then the program ends
/// without them, because a disk hangs, perhaps, or nobody reads what it prints.
pub(crate) fn end_on_ctrl_c(
    last_words: impl Fn(Stop) + Send + Sync + 'static,
) -> io::Result<()> {
    let last_words = Arc::new(last_words);
    on_stop(move |stop| {
        let last_words = Arc::clone(&last_words);
        // On a thread of its own, so that the wait below ends when they hang.
        let say_them = move || {
            last_words(stop);
            process::exit(stop.status().into());
        };
        // Where the system refuses a thread, they stay unsaid.
        if thread::Builder::new().spawn(say_them).is_ok() {
            thread::sleep(Duration::from_millis(400));
        }
        process::exit(stop.status().into());
    })
}

/// Standard output, whose errors say where writing has failed.
#[must_use]
pub fn stdout() -> impl Write + Send {
    Stdout(io::stdout())
}

/// Writes a line to standard error.
pub fn note(line: impl Display) {
    // In one piece, so that the lines of two threads never mix. When standard error is
    // closed there is nobody left to tell.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// Says what has gone wrong, and gives the exit status for it.
pub fn fail(error: impl Display) -> ExitCode {
    note(format_args!("error: {error}"));
    ExitCode::FAILURE
}

/// The exit status of a program: 0 when `result` is `Ok(true)`, and 1 when something has
/// failed, which is said here where it is an error.
///
/// A reader of standard output that has seen enough, as in `blocked-loop | head -1`, ends
/// the program too, but it is no failure.
#[must_use]
pub fn exit_status(result: io::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if reader_has_left(&error) => ExitCode::SUCCESS,
        Err(error) => fail(in_words(&error)),
    }
}

/// Whether writing has failed because whoever has read so far has closed their end.
#[must_use]
pub fn reader_has_left(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}

struct Stdout(io::Stdout);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(|error| named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(|error| named(&error))
    }
}

fn named(error: &io::Error) -> io::Error {
    let text = format!("cannot write to standard output: {error}");
    io::Error::new(error.kind(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reader_that_has_left_is_forgiven() {
        let status = |result| format!("{:?}", exit_status(result));
        let [success, failure] =
            [ExitCode::SUCCESS, ExitCode::FAILURE].map(|status| format!("{status:?}"));
        assert_eq!(status(Ok(true)), success);
        assert_eq!(status(Ok(false)), failure);
        assert_eq!(status(Err(named(&ErrorKind::BrokenPipe.into()))), success);
        assert!(!reader_has_left(&named(&ErrorKind::StorageFull.into())));
    }

    #[test]
    fn an_error_of_standard_output_says_what_was_tried() {
        let text = named(&ErrorKind::StorageFull.into()).to_string();
        assert!(text.starts_with("cannot write to standard output: "), "{text}");
    }
}
