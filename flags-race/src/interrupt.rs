//! Ctrl-C. It must not end this program at once, for then those that it has started
//! would go on alone; so it is only noted here, and asked for wherever there is waiting.

use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use flags_common::program::{self, INTERRUPTED};

static ASKED_TO_STOP: AtomicBool = AtomicBool::new(false);

/// Notes Ctrl-C from now on. Whoever presses it twice does not want to wait.
pub(crate) fn listen() -> io::Result<()> {
    program::on_ctrl_c(|| {
        if ASKED_TO_STOP.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED.into());
        }
    })
}

/// Whether Ctrl-C was pressed.
pub(crate) fn asked_to_stop() -> bool {
    ASKED_TO_STOP.load(Ordering::Relaxed)
}
