//! Saving flags so that a file under its final name is always whole.
//!
//! The image goes into a temporary file beside the final one, which then takes its
//! place: a rename within one folder happens completely or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::error::FlagError;
use crate::flag::{Flag, Outcome};
use crate::output_file::{temporary_file, write_whole};

/// Saves a downloaded flag under its final name and so ends it.
///
/// This blocks the calling thread until the system has taken the bytes. On an event loop
/// it belongs in `spawn_blocking` (*Fluent Python*, 1st ed., section 18.4.3).
pub fn save_flag(mut flag: Flag, image: &[u8]) -> Outcome {
    flag.recorder().save(|| {
        let saved = write_whole(flag.path(), image).map_err(|cause| {
            let path = flag.path().to_owned();
            FlagError::CannotSave { path, cause }
        });
        flag.end(saved)
    })
}

/// Makes sure that flags can be saved in `destination`, by creating it where it is
/// missing and by writing to it once.
pub(crate) fn prepare(destination: &Path) -> io::Result<()> {
    fs::create_dir_all(destination).map_err(|error| match error.kind() {
        // The system's words for this are "file exists", which is not the point.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
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
