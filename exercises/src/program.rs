//! Runs a program of the reader as a process of its own, and gathers what can be seen of
//! it from outside.

mod ctrl_c;
mod group;
mod output;
mod start;
mod stop;

use std::ffi::OsString;
use std::path::PathBuf;

use flags_server::WatchedServer;

use self::start::Start;
pub use self::stop::stop_all;

/// A program that can be run as often as a check needs it.
#[derive(Debug, Clone)]
pub struct Program {
    executable: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Program {
    /// The program in this file.
    #[must_use]
    pub fn new(executable: impl Into<PathBuf>) -> Self {
        Self { executable: executable.into(), environment: Vec::new() }
    }

    /// The same with a variable in its environment.
    #[must_use]
    pub fn with(mut self, variable: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((variable, value.into()));
        self
    }

    /// A run of it that is to ask this site.
    pub(crate) fn on<'a>(&'a self, site: &'a WatchedServer) -> Start<'a> {
        Start::new(self, Some(site))
    }

    /// A run of it that needs no site.
    pub(crate) fn without_site(&self) -> Start<'_> {
        Start::new(self, None)
    }
}
