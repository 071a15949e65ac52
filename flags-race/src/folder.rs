//! The folder into which a run downloads. It does not outlive this program, even where
//! that is ended at once.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// That of the run that goes on: there is one at a time.
static FOLDER: Mutex<Option<TempDir>> = Mutex::new(None);

/// A new folder, which is removed with all that is in it when this is dropped.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        let folder = TempDir::with_prefix("flags-race-")?;
        let path = folder.path().to_owned();
        *current() = Some(folder);
        Ok(Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove();
    }
}

/// Removes the folder, if there is one.
pub(crate) fn remove() {
    current().take();
}

fn current() -> MutexGuard<'static, Option<TempDir>> {
    FOLDER.lock().unwrap_or_else(PoisonError::into_inner)
}
