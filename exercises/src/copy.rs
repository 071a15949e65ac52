//! The reader's copy of an exercise.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use exercises::exercise::Exercise;
use exercises::files::{cannot, folder, given};

/// The file on which the reader works.
pub(crate) fn file(exercise: &Exercise) -> PathBuf {
    folder().join("src").join("bin").join(format!("{}.rs", exercise.name))
}

/// The folder of these copies, which is made if there is none yet.
pub(crate) fn folder_of_copies() -> io::Result<PathBuf> {
    let path = folder().join("src").join("bin");
    fs::create_dir_all(&path).map_err(|error| cannot("make", &path, &error))?;
    Ok(path)
}

/// Puts the exercise where the reader works on it, unless it is there. Whether it has.
pub(crate) fn put_in_place(exercise: &Exercise) -> io::Result<bool> {
    if file(exercise).try_exists()? {
        return Ok(false);
    }
    reset(exercise)?;
    Ok(true)
}

/// Puts the exercise there as it is given. Whether there was something else, which is
/// kept beside it then.
pub(crate) fn reset(exercise: &Exercise) -> io::Result<bool> {
    folder_of_copies()?;
    let (given, file) = (given(exercise.name), file(exercise));
    let text = fs::read(&given).map_err(|error| cannot("read", &given, &error))?;
    let has_kept = match fs::read(&file) {
        Ok(present) if present == text => return Ok(false),
        Ok(_) => {
            let kept = file.with_extension("rs.old");
            fs::rename(&file, &kept).map_err(|error| cannot("write", &kept, &error))?;
            true
        }
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(cannot("read", &file, &error)),
    };
    fs::write(&file, text).map_err(|error| cannot("write", &file, &error))?;
    Ok(has_kept)
}
