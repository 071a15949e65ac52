//! Which exercises are done, kept in a file from one start to the next.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use exercises::catalogue::exercises;
use exercises::exercise::Exercise;
use exercises::files::{self, folder};
use tempfile::NamedTempFile;

/// The exercises that were solved once. That their files have changed since is no matter.
pub(crate) struct Progress(BTreeSet<String>);

impl Progress {
    /// # Errors
    ///
    /// When there is such a file, and it cannot be read.
    pub(crate) fn read() -> io::Result<Self> {
        match files::read(&file()) {
            Ok(names) => {
                Ok(Self(names.lines().map(|name| name.trim().to_owned()).collect()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(Self(BTreeSet::new()))
            }
            Err(error) => Err(io::Error::new(
                error.kind(),
                format!("{error}; it only names what is done, and may be removed"),
            )),
        }
    }

    pub(crate) fn is_done(&self, exercise: &Exercise) -> bool {
        self.0.contains(exercise.name)
    }

    /// The first that is not done: of those behind `solved`, or else of all.
    pub(crate) fn next(&self, solved: Option<&Exercise>) -> Option<&'static Exercise> {
        let name = solved.map(|exercise| exercise.name);
        let behind = exercises().skip_while(|one| Some(one.name) != name);
        behind.chain(exercises()).find(|exercise| !self.is_done(exercise))
    }

    pub(crate) fn note(&mut self, exercise: &Exercise) -> io::Result<()> {
        self.read_again()?;
        self.0.insert(exercise.name.to_owned());
        self.write()
    }

    pub(crate) fn forget(&mut self, exercise: &Exercise) -> io::Result<()> {
        self.read_again()?;
        self.0.remove(exercise.name);
        self.write()
    }

    /// Another runner may have written since, for this one may have watched for hours.
    fn read_again(&mut self) -> io::Result<()> {
        *self = Self::read()?;
        Ok(())
    }

    /// All at once, so that nothing is lost when it is interrupted.
    fn write(&self) -> io::Result<()> {
        let write = || {
            let mut new = NamedTempFile::new_in(folder())?;
            for name in &self.0 {
                writeln!(new, "{name}")?;
            }
            new.persist(file())?;
            Ok(())
        };
        write().map_err(|error: io::Error| files::cannot("write", &file(), &error))
    }
}

fn file() -> PathBuf {
    folder().join("done.txt")
}
