//! The reader's copy of an exercise.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

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
    let file = file(exercise);
    if file.try_exists().map_err(|error| cannot("find", &file, &error))? {
        return Ok(false);
    }
    reset(exercise)?;
    Ok(true)
}

/// Puts the exercise there as it is given. The file in which is kept what else was there.
pub(crate) fn reset(exercise: &Exercise) -> io::Result<Option<PathBuf>> {
    folder_of_copies()?;
    let (given, file) = (given(exercise.name), file(exercise));
    let text = fs::read(&given).map_err(|error| cannot("read", &given, &error))?;
    let kept = match fs::read(&file) {
        Ok(present) if present == text => return Ok(None),
        Ok(_) => {
            let kept = free_name_beside(&file);
            fs::rename(&file, &kept).map_err(|error| cannot("write", &kept, &error))?;
            Some(kept)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(cannot("read", &file, &error)),
    };
    fs::write(&file, text).map_err(|error| {
        // Half of it, or nothing, would be taken for what the reader has written.
        let _ = fs::remove_file(&file);
        cannot("write", &file, &error)
    })?;
    Ok(kept)
}

/// `ways2.rs.old`, or else `ways2.rs.old2`: what was kept before is not lost.
fn free_name_beside(file: &Path) -> PathBuf {
    let mut kept = file.with_extension("rs.old");
    let mut number = 1;
    while kept.symlink_metadata().is_ok() {
        number += 1;
        kept.set_extension(format!("old{number}"));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_before_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ways2.rs");
        for name in ["ways2.rs.old", "ways2.rs.old2", "ways2.rs.old3"] {
            let free = free_name_beside(&file);
            assert_eq!(free, folder.path().join(name));
            fs::write(free, "").unwrap();
        }
    }
}
