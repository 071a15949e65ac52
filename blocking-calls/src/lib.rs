//! What the three programs of this crate share: how they write figures, and how they end.
//!
//! `blocking-calls` measures how long a program waits for memory, disk and network,
//! `threads-vs-tasks` what it costs to let many wait at once, and `blocked-loop` what
//! happens to an event loop when one of its tasks waits the wrong way (*Fluent Python*,
//! 1st ed., section 18.3).

pub mod figures;
pub mod memory;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::thread;

/// The exit status of a program: 0 when `result` is `Ok(true)`, and 1 when something
/// could not be measured or standard output could not be written.
///
/// A reader that has seen enough, as in `blocked-loop | head -1`, is no error.
#[must_use]
pub fn exit_status(result: io::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            note(format_args!("error: cannot write to standard output: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes a line to standard error.
pub fn note(line: impl Display) {
    // When standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Makes sure that the system has a thread left, for what panics when there is none.
///
/// # Errors
///
/// What the system says.
pub fn check_threads() -> io::Result<()> {
    match thread::Builder::new().spawn(|| {}).map(thread::JoinHandle::join) {
        Ok(_) => Ok(()),
        Err(cause) => {
            let text = format!("the system starts no more threads: {cause}");
            Err(io::Error::new(cause.kind(), text))
        }
    }
}
