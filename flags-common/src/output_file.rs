//! Files that a program writes at its end, such as pictures of a run.
//!
//! A run takes seconds, or minutes, and nobody wants to hear only after it that its
//! result cannot be written. So the file is tried before, and in the end it is written
//! so that under its name there is all of it, or what was there before.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the file {}: {cause}", path.display())]
pub struct OutputFileError {
    path: PathBuf,
    cause: io::Error,
}

/// Makes sure that a file can be written, and leaves what stands there as it is.
///
/// # Errors
///
/// What the system says, such as that the folder does not exist.
pub fn prepare_output_file(path: &Path) -> Result<(), OutputFileError> {
    let prepared = match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(ErrorKind::IsADirectory.into()),
        // A device, say, whose place would be taken by a file.
        Ok(there) if !there.is_file() => Err(io::Error::other("it is no regular file")),
        _ => temporary_file(folder_of(path)).map(drop),
    };
    prepared.map_err(|cause| OutputFileError { path: path.to_owned(), cause })
}

/// Writes a whole file, or leaves what was there before.
///
/// # Errors
///
/// What the system says, such as that the disk is full.
pub fn write_output_file(path: &Path, contents: &[u8]) -> Result<(), OutputFileError> {
    write_whole(path, contents)
        .map_err(|cause| OutputFileError { path: path.to_owned(), cause })
}

/// Writes a file beside its final place and then gives it its name: a rename within one
/// folder happens completely or not at all.
pub(crate) fn write_whole(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = temporary_file(folder_of(path))?;
    file.as_file_mut().write_all(contents)?;
    file.persist(path)?;
    Ok(())
}

/// A file that is deleted again when it is dropped before it has got its final name.
pub(crate) fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    // Created by `File`, since the permissions that tempfile gives to a file are for its
    // owner alone, and a flag is for everybody.
    tempfile::Builder::new()
        .prefix(".flag-")
        .make_in(folder, |path| File::create_new(path))
}

/// The folder that a file is in, which goes without saying in `flags.svg`.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
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
        prepare_output_file(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old and long");
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["BR.gif"]);
    }

    #[test]
    fn a_write_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("BR.gif");
        fs::create_dir(&path).unwrap();
        write_whole(&path, b"image").unwrap_err();
        assert_eq!(names(folder.path()), ["BR.gif"]);
    }

    #[test]
    fn what_cannot_be_written_is_told_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("missing/run.svg")] {
            let error = prepare_output_file(&path).unwrap_err().to_string();
            let expected = format!("cannot write the file {}: ", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_keeps_its_place() {
        let error = prepare_output_file(Path::new("/dev/null")).unwrap_err().to_string();
        assert_eq!(error, "cannot write the file /dev/null: it is no regular file");
    }
}
