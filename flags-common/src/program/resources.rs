//! What the system may refuse to a program: a thread, or a file.
//!
//! The standard library and tokio panic where no thread can be started, and a learner
//! would read of their sources. Only their texts tell such a panic from any other, so
//! they are looked at here, in the one place, and a test makes each of them happen.

use std::any::Any;
use std::error::Error;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::{io, iter};

use super::fail;

/// What has been refused first, in words.
static REFUSED: OnceLock<&str> = OnceLock::new();

const NO_THREAD: &str =
    "the system starts no further thread for this program; `ulimit -u` shows its limit";

/// What is said where the system refuses a file, or a connection, which it counts as one.
const NO_FILE: &str =
    "the system opens no further file for this program; `ulimit -n` raises its limit";

const NO_FILE_FOR_ANY: &str =
    "the system opens no further file for any program; others have to end first";

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

/// What is said where the system refuses a file. Its numbers tell whether it is this
/// program that has too many (`EMFILE`), or all of them together (`ENFILE`).
pub(crate) fn what_files_lack(error: &io::Error) -> Option<&'static str> {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    let number =
        |error: &(dyn Error + 'static)| error.downcast_ref::<io::Error>()?.raw_os_error();
    match causes(error).find_map(number)? {
        EMFILE if cfg!(unix) => Some(NO_FILE),
        ENFILE if cfg!(unix) => Some(NO_FILE_FOR_ANY),
        _ => None,
    }
}

/// An error, its cause, the cause of that, and so on.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        // Its own `source` would leave out what it wraps.
        Some(error) => error.get_ref().map(|inner| inner as _),
        None => error.source(),
    })
}

/// What has gone wrong when an error ends a program or a part of it, in words where the
/// system has refused it a thread or a file.
#[must_use]
pub fn in_words(error: &io::Error) -> String {
    // No other error of the system that is of this kind could end one.
    let is_about_threads =
        error.raw_os_error().is_some() && error.kind() == io::ErrorKind::WouldBlock;
    if is_about_threads {
        return NO_THREAD.to_owned();
    }
    what_files_lack(error).map_or_else(|| error.to_string(), str::to_owned)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_number_tells_whose_files_are_too_many_and_a_text_tells_nothing() {
        for (number, words) in [(24, NO_FILE), (23, NO_FILE_FOR_ANY)] {
            let error = || io::Error::from_raw_os_error(number);
            for error in [error(), io::Error::other(error())] {
                assert_eq!(in_words(&error), words);
            }
        }
        let text = "cannot save Too many open files.gif";
        assert_eq!(in_words(&io::Error::other(text)), text);
    }
}
