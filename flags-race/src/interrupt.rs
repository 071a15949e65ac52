//! Ctrl-C, and what else asks a program to end. It must not end this one at once, for
//! then those that it has started would go on alone; so it is only noted here, and asked
//! for wherever there is waiting.

use std::io;
use std::process;
use std::sync::OnceLock;

use flags_common::program::{self, Stop};

use crate::{folder, running};

static FIRST: OnceLock<Stop> = OnceLock::new();

/// Notes from now on what asks this program to end. Whoever then presses Ctrl-C does not
/// want to wait. Other signals come twice by themselves, as where a terminal is closed.
pub(crate) fn listen() -> io::Result<()> {
    program::on_stop(|stop| {
        let is_first = FIRST.get().is_none();
        let first = FIRST.get_or_init(|| stop);
        if !is_first && stop == Stop::CtrlC {
            running::kill_all();
            folder::remove();
            process::exit(first.status().into());
        }
    })
}

/// Whether Ctrl-C was pressed, or something else asks this program to end.
pub(crate) fn asked_to_stop() -> bool {
    FIRST.get().is_some()
}

/// The exit status of a program that is asked to end: 128 and the signal's number.
pub(crate) fn status() -> Option<u8> {
    FIRST.get().map(|first| first.status())
}
