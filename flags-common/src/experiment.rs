//! The frame around an experiment: a small program that shows one thing, on a screen or
//! two.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Command;

use crate::program;

/// Runs an experiment, which writes what it shows to standard output. `about` is the
/// first line of its `--help`; there are no options but that and `--version`.
///
/// The exit status is 0, or 1 when something has failed, 2 when the command line is
/// wrong, and 130 after Ctrl-C.
pub fn main(
    about: &'static str,
    experiment: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> ExitCode {
    let command = Command::new(program::name())
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .max_term_width(80);
    command.get_matches();
    program::guarded(|| {
        let shown = program::end_on_ctrl_c(|_| {})
            .and_then(|()| experiment(&mut program::stdout()));
        program::exit_status(shown.map(|()| true))
    })
}
