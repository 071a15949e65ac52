//! Where the files of the exercises are, and what is said when one cannot be used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder `exercises` of the workspace.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The exercise as it is given to the reader.
#[must_use]
pub fn given(name: &str) -> PathBuf {
    folder().join("given").join(format!("{name}.rs"))
}

/// The whole text of a file.
///
/// # Errors
///
/// What [`cannot`] makes of the reason.
pub fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| cannot("read", path, &error))
}

/// The same error, with what was tried (such as `read`) and on which file.
#[must_use]
pub fn cannot(attempt: &str, path: &Path, error: &io::Error) -> io::Error {
    let text = format!("cannot {attempt} {}: {error}", path.display());
    io::Error::new(error.kind(), text)
}
