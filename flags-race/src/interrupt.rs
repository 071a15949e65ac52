//! Ctrl-C, and what else asks a program to end. It must not end this one at once, for then
//! those that it has started would go on alone; so it is only noted here, and asked for
//! wherever there is waiting.

use std::io;
use std::process;
use std::sync::OnceLock;

use flags_common::program::{self, INTERRUPTED};

static STATUS: OnceLock<u8> = OnceLock::new();

/// Notes from now on what asks this program to end. Whoever then presses Ctrl-C does not
/// want to wait. Other signals come twice by themselves, as where a terminal is closed.
pub(crate) fn listen() -> io::Result<()> {
    program::on_stop(|status| {
        if STATUS.set(status).is_err() && status == INTERRUPTED {
            process::exit(status.into());
        }
    })
}

/// Whether Ctrl-C was pressed, or something else asks this program to end.
pub(crate) fn asked_to_stop() -> bool {
    status().is_some()
}

/// The exit status of a program that is asked to end: 128 and the signal's number.
pub(crate) fn status() -> Option<u8> {
    STATUS.get().copied()
}
