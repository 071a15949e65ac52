//! What a program here knows of itself.

use std::env;
use std::path::PathBuf;

/// The exit status of a program that Ctrl-C has ended: 128 and the signal's number.
pub const INTERRUPTED: u8 = 130;

/// What this program is called: `flags-async`.
pub(crate) fn program_name() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    path.file_stem().map_or_else(|| "flags".into(), |name| name.to_string_lossy().into())
}
