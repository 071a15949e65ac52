//! Saving flags so that a file under its final name is always whole.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;

use super::error::FlagError;
use super::flag::Flag;
use crate::report::output_file::{remove_leftovers, temporary_file, write_whole};

/// Saves a downloaded image as the file of its flag: all of it, or nothing.
///
/// This blocks the calling thread until the system has taken the bytes. On an event loop
/// it belongs in `spawn_blocking` (*Fluent Python*, 1st ed., section 18.4.3).
///
/// # Errors
///
/// [`FlagError::CannotSave`], with what the system says.
pub fn save_flag(flag: &Flag, image: &[u8]) -> Result<(), FlagError> {
    flag.save(|| {
        write_whole(flag.path(), image).map_err(|cause| FlagError::CannotSave {
            path: flag.path().to_owned(),
            cause: Arc::new(cause),
        })
    })
}

/// Makes sure that flags can be saved in `destination`, by creating it where it is
/// missing and by writing to it once. What ended runs have left in it is removed.
pub(crate) fn prepare(destination: &Path) -> io::Result<()> {
    fs::create_dir_all(destination).map_err(|error| match error.kind() {
        // The system's words for this are "file exists", which is not the point.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
    remove_leftovers(destination);
    // Bytes and not just a name: on a full disk an empty file can still be created.
    temporary_file(destination)?.as_file_mut().write_all(&[0; 4096])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preparing_creates_the_folder_and_leaves_it_empty() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a").join("b");
        prepare(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("downloads");
        fs::write(&file, "not a folder").unwrap();
        assert_eq!(prepare(&file).unwrap_err().kind(), ErrorKind::NotADirectory);
    }
}
