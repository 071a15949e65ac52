//! What one run is to download, and under which conditions.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use flags_server::CountryCode;

use crate::console::Console;
use crate::flag::Flag;
use crate::pictures::Pictures;
use crate::recorder::Recorder;

/// One run, as the command line describes it.
pub struct Job {
    pub(crate) codes: Vec<CountryCode>,
    /// How many flags to download: more than there are codes when each is repeated.
    pub(crate) number: usize,
    pub(crate) base_url: String,
    pub(crate) destination: PathBuf,
    pub(crate) concurrency: usize,
    pub(crate) timeout: Duration,
    pub(crate) recorder: Arc<Recorder>,
}

impl Job {
    /// A job that no command line describes and nobody sees, to measure what each of its
    /// flags goes through besides the network.
    #[must_use]
    pub fn silent(codes: Vec<CountryCode>, destination: PathBuf) -> Self {
        let number = codes.len();
        let recorder = Recorder::new(number, Console::silent(), Pictures::default());
        Self {
            codes,
            number,
            base_url: "http://127.0.0.1/flags".to_owned(),
            destination,
            concurrency: number,
            timeout: Duration::MAX,
            recorder: Arc::new(recorder),
        }
    }

    /// The flags to download, in the order of their codes. To be called once.
    pub fn flags(&self) -> impl Iterator<Item = Flag> {
        let copies =
            (1..).flat_map(|copy| self.codes.iter().map(move |&code| (code, copy)));
        copies.take(self.number).map(|(code, copy)| {
            let recorder = Arc::clone(&self.recorder);
            Flag::new(code, copy, &self.base_url, &self.destination, recorder)
        })
    }

    /// How many flags may be in flight at once; never 0, and never more than there are.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// How long one flag may take, from the request to its last byte.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Writes a line to standard output, without tearing the line of codes apart.
    pub fn println(&self, line: impl Display) {
        self.recorder.line(&line.to_string());
    }
}
