//! What the system may refuse to a program: a thread, or a file.
//!
//! The standard library and tokio panic where no thread can be started, and a learner
//! would read of their sources. Only their texts tell such a panic from any other, so
//! they are looked at here, in the one place, and a test makes each of them happen.

use std::any::Any;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::OnceLock;

use super::fail;

/// What has been refused first, in words.
static REFUSED: OnceLock<&str> = OnceLock::new();

const NO_THREAD: &str =
    "the system starts no further thread for this program; `ulimit -u` shows its limit";

/// What is said where the system refuses a file, or a connection, which it counts as one.
pub(crate) const NO_FILE: &str =
    "the system opens no further file for this program; `ulimit -n` raises its limit";

/// Runs a program, such that it says in one line, instead of by a panic, when the system
/// refuses it a thread or a file. Its exit status is 1 then. Any other panic goes on.
pub fn guarded(program: impl FnOnce() -> ExitCode) -> ExitCode {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match what_is_refused(panic.payload()) {
        Some(refused) => {
            // Only the first one is told: the others follow from it.
            let _ = REFUSED.set(refused);
        }
        None => usual(panic),
    }));
    let status = panic::catch_unwind(AssertUnwindSafe(program));
    match (status, REFUSED.get()) {
        (_, Some(refused)) => fail(refused),
        (Ok(status), None) => status,
        (Err(panic), None) => panic::resume_unwind(panic),
    }
}

/// Whether the system has refused something.
#[cfg(feature = "download")]
pub(crate) fn are_exhausted() -> bool {
    REFUSED.get().is_some()
}

/// What it is that a panic tells of.
fn what_is_refused(panic: &(dyn Any + Send)) -> Option<&'static str> {
    let text = match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => *panic.downcast_ref::<&str>()?,
    };
    let no_thread = [
        "failed to spawn thread", // std::thread::spawn, and that of a scope
        "OS can't spawn worker thread", // tokio's spawn_blocking
        "no thread can start",    // flags-threadpool
    ];
    if no_thread.iter().any(|words| text.contains(words)) {
        Some(NO_THREAD)
    } else {
        text.contains(TOO_MANY_FILES).then_some(NO_FILE)
    }
}

/// What the system says when it opens no further file, on Unix.
const TOO_MANY_FILES: &str = "Too many open files";

/// Whether the system refuses a file.
pub(crate) fn is_about_files(error: &io::Error) -> bool {
    error.to_string().contains(TOO_MANY_FILES)
}

/// What has gone wrong when an error ends a program or a part of it, in words where the
/// system has refused it a thread or a file.
#[must_use]
pub fn in_words(error: &io::Error) -> String {
    // No other error of the system that is of this kind could end one.
    let is_about_threads =
        error.raw_os_error().is_some() && error.kind() == io::ErrorKind::WouldBlock;
    if is_about_threads {
        NO_THREAD.to_owned()
    } else if is_about_files(error) {
        NO_FILE.to_owned()
    } else {
        error.to_string()
    }
}
