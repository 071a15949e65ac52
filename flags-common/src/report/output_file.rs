//! Files that a program writes at its end, such as pictures of a run.
//!
//! A run takes seconds, or minutes, and nobody wants to hear only after it that its
//! result cannot be written. So the file is tried before, and in the end it is written
//! so that under its name there is all of it, or what was there before.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::program;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the file {}: {cause}", path.display())]
pub struct OutputFileError {
    path: PathBuf,
    cause: io::Error,
}

/// A file that is written once, when the program has something to write.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    target: Target,
}

/// What the path of a file leads to.
#[derive(Debug)]
enum Target {
    Stdout,
    /// A device or a pipe. It stays open, for to the reader of a pipe it would be the end
    /// if it was closed.
    Stream(File),
    /// A file, which is replaced as a whole.
    File,
}

impl OutputFile {
    /// Makes sure that a file can be written, and leaves what stands there as it is. `-`
    /// stands for standard output.
    ///
    /// # Errors
    ///
    /// What the system says, such as that the folder does not exist.
    pub fn prepare(path: &Path) -> Result<Self, OutputFileError> {
        let target = match fs::metadata(path) {
            _ if path == Path::new("-") || is_stdout(path) => Ok(Target::Stdout),
            Ok(there) if there.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => open_stream(path).map(Target::Stream),
            _ => resolve(path)
                .inspect(|path| remove_leftovers(folder_of(path)))
                .and_then(|path| temporary_file(folder_of(&path)))
                .map(|_| Target::File),
        };
        match target {
            Ok(target) => Ok(Self { path: path.to_owned(), target }),
            Err(cause) => Err(OutputFileError { path: path.to_owned(), cause }),
        }
    }

    /// The name of the file, or `None` for standard output.
    pub(crate) fn path(&self) -> Option<&Path> {
        (!self.is_stdout()).then_some(&*self.path)
    }

    /// Whether this is standard output, where nothing else should be written then.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        matches!(self.target, Target::Stdout)
    }

    /// Writes a whole file, or leaves what was there before. A reader of standard output,
    /// or of a pipe, that has seen enough is no error.
    ///
    /// # Errors
    ///
    /// What the system says, such as that the disk is full.
    pub fn write(&self, contents: &[u8]) -> Result<(), OutputFileError> {
        let written = match &self.target {
            Target::Stdout => {
                let mut stdout = io::stdout();
                stdout.write_all(contents).and_then(|()| stdout.flush())
            }
            Target::Stream(stream) => { stream }.write_all(contents),
            Target::File => write_whole(&self.path, contents),
        };
        match written {
            Err(error) if program::reader_has_left(&error) => Ok(()),
            written => written
                .map_err(|cause| OutputFileError { path: self.path.clone(), cause }),
        }
    }
}

/// Whether what is written to two paths ends up in one place, where only the last would
/// be left. A device, or a pipe, takes both.
#[must_use]
pub fn lead_to_one_file(one: &Path, other: &Path) -> bool {
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Where a path leads to, in one spelling. `None` where two can write to it.
fn place(path: &Path) -> Option<PathBuf> {
    if path == Path::new("-") || is_stdout(path) {
        return Some(PathBuf::from("-"));
    }
    let path = resolve(path).ok()?;
    match fs::metadata(&path) {
        Ok(there) if !there.is_file() && !there.is_dir() => return None,
        // This knows too whether names differ by their capitals on this system.
        Ok(_) => return fs::canonicalize(path).ok(),
        Err(_) => {}
    }
    let name = path.file_name()?;
    let name = if cfg!(any(windows, target_os = "macos")) {
        name.to_ascii_lowercase()
    } else {
        name.to_owned()
    };
    let folder = folder_of(&path);
    Some(fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()).join(name))
}

/// Writes a file beside its final place and then gives it its name: a rename within one
/// folder happens completely or not at all.
///
/// What a symbolic link leads to is written, and the link stays. So does what cannot be
/// replaced, a device or a pipe: to that it writes as it is.
pub(crate) fn write_whole(path: &Path, contents: &[u8]) -> io::Result<()> {
    // Looked at once, for thousands of flags are written, and mostly nothing is there.
    if let Ok(there) = fs::symlink_metadata(path) {
        if there.is_symlink() {
            return write_whole(&resolve(path)?, contents);
        }
        if !there.is_file() && !there.is_dir() {
            return open_stream(path)?.write_all(contents);
        }
    }
    let mut file = temporary_file(folder_of(path))?;
    file.as_file_mut().write_all(contents)?;
    file.persist(path)?;
    Ok(())
}

/// Opens a device or a pipe.
fn open_stream(path: &Path) -> io::Result<File> {
    File::options().append(true).open(path)
}

/// The file that a path leads to in the end, which may not be there yet.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows. Links that lead to each other have no end.
    const MOST_LINKS: usize = 40;
    let mut file = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&file) {
            Ok(target) => file = folder_of(&file).join(target),
            // The usual case: here is no link, and perhaps nothing at all.
            Err(_) => return Ok(file),
        }
    }
    Err(io::Error::other("the symbolic links lead nowhere"))
}

/// Whether a path leads to the file or the pipe that standard output is, as `/dev/stdout`
/// does. To replace a file there would take away what this program has printed. A device,
/// such as a terminal, takes both.
#[cfg(unix)]
fn is_stdout(path: &Path) -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let stdout = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    let stdout = stdout.and_then(|stdout| stdout.metadata());
    match (fs::metadata(path), stdout) {
        (Ok(there), Ok(stdout)) => {
            (there.dev(), there.ino()) == (stdout.dev(), stdout.ino())
                && !stdout.file_type().is_char_device()
        }
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_stdout(_: &Path) -> bool {
    // No path leads there.
    false
}

/// How the name of a file begins that has yet to get its final one.
const TEMPORARY: &str = ".flag-";

/// How many letters and digits follow, drawn by chance.
const DRAWN: usize = 6;

/// Removes the temporary files that no run will come back to: it was ended amid writing,
/// by a crash of the machine, or by a `kill -9`, which no program sees.
///
/// Whether a run still lives cannot be asked in the same way on all systems, nor of a
/// machine that shares the folder over a network. But a file has its temporary name for
/// some milliseconds only, because all that goes into it is in memory before. So one that
/// has not been written to for a minute is nobody's.
pub(crate) fn remove_leftovers(folder: &Path) {
    const MINUTE: Duration = Duration::from_secs(60);
    // What cannot be looked at or removed harms nobody, and stays.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        // A clock that runs behind makes it look as if written in the future: it stays.
        let is_old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_temporary(&entry) && is_old().is_some_and(|age| age > MINUTE) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether an entry of a folder is a file with such a name as [`temporary_file`] gives.
fn is_temporary(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let drawn = name.to_str().and_then(|name| name.strip_prefix(TEMPORARY));
    drawn.is_some_and(|drawn| {
        drawn.len() == DRAWN && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }) && entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// A file that is deleted again when it is dropped before it has got its final name.
pub(crate) fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    // Created by `File`, since the permissions that tempfile gives to a file are for its
    // owner alone, and a flag is for everybody.
    tempfile::Builder::new()
        .prefix(TEMPORARY)
        .rand_bytes(DRAWN)
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
    use std::time::SystemTime;

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
        OutputFile::prepare(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old and long");
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["BR.gif"]);
    }

    #[test]
    fn only_what_an_ended_run_has_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let left_by_us = temporary_file(folder.path()).unwrap().keep().unwrap().1;
        let left_by_us = left_by_us.file_name().unwrap().to_str().unwrap().to_owned();
        let of_others =
            [".flag-", ".flag-a.gif", ".flag-abcdefg", "flag-abcdef", "a.gif"];
        for name in of_others.iter().copied().chain([&*left_by_us]) {
            fs::write(folder.path().join(name), "half an image").unwrap();
        }
        fs::create_dir(folder.path().join(".flag-folder")).unwrap();
        remove_leftovers(folder.path());
        assert_eq!(names(folder.path()).len(), 7, "their run may live");
        let hour = Duration::from_secs(3600);
        for path in names(folder.path()).iter().map(|name| folder.path().join(name)) {
            if path.is_file() {
                let file = File::options().write(true).open(path).unwrap();
                file.set_modified(SystemTime::now() - hour).unwrap();
            }
        }
        remove_leftovers(folder.path());
        let left = names(folder.path());
        assert_eq!(left.len(), 6, "{left:?}");
        assert!(!left.contains(&left_by_us), "{left:?}");
        remove_leftovers(&folder.path().join("missing"));
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
            let error = OutputFile::prepare(&path).unwrap_err().to_string();
            let expected = format!("cannot write the file {}: ", path.display());
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn one_file_is_known_by_all_its_spellings() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("a")).unwrap();
        for there in [false, true] {
            assert!(lead_to_one_file(&at("run.svg"), &at("a/../run.svg")), "{there}");
            assert!(lead_to_one_file(&at("run.svg"), &at("./run.svg")), "{there}");
            assert!(!lead_to_one_file(&at("run.svg"), &at("a/run.svg")), "{there}");
            fs::write(at("run.svg"), "the one before").unwrap();
        }
        assert!(lead_to_one_file(Path::new("run.svg"), Path::new("./run.svg")));
        assert!(lead_to_one_file(Path::new("-"), Path::new("-")));
        assert!(!lead_to_one_file(Path::new("-"), Path::new("run.svg")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_the_file_and_a_device_takes_all() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("run.svg", at("link.svg")).unwrap();
        assert!(lead_to_one_file(&at("run.svg"), &at("link.svg")));
        let null = Path::new("/dev/null");
        assert!(!lead_to_one_file(null, null));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_as_it_is_and_keeps_its_place() {
        let null = Path::new("/dev/null");
        OutputFile::prepare(null).unwrap().write(b"image").unwrap();
        assert!(!fs::metadata(null).unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn the_reader_of_a_pipe_gets_all_that_is_written_to_it() {
        use std::process::Command;
        use std::thread;

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let there = pipe.clone();
        let reader = thread::spawn(move || fs::read(there).unwrap());
        let file = OutputFile::prepare(&pipe).unwrap();
        file.write(b"archive").unwrap();
        drop(file);
        assert_eq!(reader.join().unwrap(), b"archive");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_that_is_full_says_so() {
        let full = OutputFile::prepare(Path::new("/dev/full")).unwrap();
        let error = full.write(b"image").unwrap_err().to_string();
        assert!(error.starts_with("cannot write the file /dev/full: "), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_symbolic_link_leads_to_is_written_and_the_link_stays() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let at = |name| folder.path().join(name);
        fs::create_dir(at("there")).unwrap();
        symlink("there/run.svg", at("link.svg")).unwrap();
        symlink("link.svg", at("link to the link.svg")).unwrap();
        for contents in [b"one", b"two"] {
            // At first there is nothing where they lead.
            let file = OutputFile::prepare(&at("link to the link.svg")).unwrap();
            file.write(contents).unwrap();
            assert_eq!(fs::read(at("there/run.svg")).unwrap(), contents);
            assert!(fs::symlink_metadata(at("link.svg")).unwrap().is_symlink());
        }
        symlink("circle.svg", at("circle.svg")).unwrap();
        let error = OutputFile::prepare(&at("circle.svg")).unwrap_err().to_string();
        assert!(error.contains("symbolic links"), "{error}");
    }
}
