//! A file that this program writes at its end, and that has to be right then.
//!
//! A race takes minutes, and nobody wants to hear only after it that its result cannot be
//! written. So the file is made at the start, beside the one that it will replace, and
//! takes its name when it is whole: a rename in one folder happens or does not.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file to be. It is deleted when this is dropped before it was written.
#[derive(Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    file: NamedTempFile,
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {cause}", path.display())]
pub(crate) struct CannotWrite {
    path: PathBuf,
    cause: io::Error,
}

impl OutputFile {
    /// Makes sure that a file can be written to `path`.
    pub(crate) fn prepare(path: &Path) -> Result<Self, CannotWrite> {
        let cannot_write = |cause| CannotWrite { path: path.to_owned(), cause };
        if path.is_dir() || path.file_name().is_none() {
            return Err(cannot_write(ErrorKind::IsADirectory.into()));
        }
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        // Created by `File`, since the permissions that tempfile gives to a file are for
        // its owner alone.
        let file = tempfile::Builder::new()
            .prefix(".flags-race-")
            .make_in(folder, |path| File::create_new(path));
        Ok(Self { path: path.to_owned(), file: file.map_err(cannot_write)? })
    }

    /// Writes the whole file under its name.
    pub(crate) fn write(mut self, text: &str) -> Result<(), CannotWrite> {
        let written = self.file.as_file_mut().write_all(text.as_bytes());
        written
            .and_then(|()| Ok(self.file.persist(&self.path)?))
            .map(|_| ())
            .map_err(|cause| CannotWrite { path: self.path, cause })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_when_it_is_written_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("race.json");
        fs::write(&path, "old").unwrap();
        drop(OutputFile::prepare(&path).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        OutputFile::prepare(&path).unwrap().write("new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("missing/race.svg")] {
            let error = OutputFile::prepare(&path).unwrap_err().to_string();
            let expected = format!("cannot write {}: ", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}
