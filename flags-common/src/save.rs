//! Saving flags so that a file under its final name is always whole.
//!
//! The image goes into a temporary file beside the final one, which then takes its
//! place: a rename within one folder happens completely or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::FlagError;
use crate::flag::{Flag, Outcome};

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

/// Makes sure that a file can be written, and leaves what stands there as it is.
pub(crate) fn prepare_file(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    temporary_file(folder_of(path)).map(drop)
}

/// Writes a file so that under its name there is all of it, or what was there before.
pub(crate) fn write_whole(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = temporary_file(folder_of(path))?;
    file.as_file_mut().write_all(contents)?;
    file.persist(path)?;
    Ok(())
}

/// The folder that a file is in, which goes without saying in `flags.svg`.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A file that is deleted again when it is dropped before it has got its final name.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    // Created by `File`, since the permissions that tempfile gives to a file are for its
    // owner alone, and a flag is for everybody.
    tempfile::Builder::new()
        .prefix(".flag-")
        .make_in(folder, |path| File::create_new(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().into_string().unwrap()
        };
        fs::read_dir(folder).unwrap().map(name).collect()
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("BR.gif");
        write_whole(&path, b"old and long").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["BR.gif"]);
    }

    #[test]
    fn a_save_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("BR.gif");
        fs::create_dir(&path).unwrap();
        write_whole(&path, b"image").unwrap_err();
        assert_eq!(names(folder.path()), ["BR.gif"]);
    }

    #[test]
    fn preparing_creates_the_folder_and_leaves_it_empty() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a").join("b");
        prepare(&folder).unwrap();
        assert!(names(&folder).is_empty());
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("downloads");
        fs::write(&file, "not a folder").unwrap();
        assert_eq!(prepare(&file).unwrap_err().kind(), ErrorKind::NotADirectory);
    }
}
