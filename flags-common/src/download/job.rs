//! What one run is to download, and under which conditions.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use flags_server::{CountryCode, FlagFile};

use super::flag::Flag;
use super::proxy::Proxies;
use super::recorder::Recorder;
use super::run_name::RunName;
use super::url::without_user;
use crate::countries;
use crate::report::pictures::Pictures;
use crate::report::steps::Steps;
use crate::report::streams::{Screen, Streams, Style};

/// One run, as the command line describes it.
#[derive(Clone)]
pub struct Job {
    pub(crate) countries: Vec<CountryCode>,
    /// How many flags to download: more than there are countries when each is repeated.
    pub(crate) number: usize,
    pub(crate) base_url: String,
    pub(crate) destination: PathBuf,
    pub(crate) concurrency: usize,
    pub(crate) timeout: Duration,
    /// What its requests are called on the page of the site.
    pub(crate) name: Option<RunName>,
    pub(crate) is_verbose: bool,
    pub(crate) recorder: Arc<Recorder>,
}

impl Job {
    /// A job that no command line describes and nobody sees, to measure what each of its
    /// flags goes through besides the network.
    #[must_use]
    pub fn silent(countries: Vec<CountryCode>, destination: PathBuf) -> Self {
        let number = countries.len();
        let streams = Streams::new(io::sink(), io::sink(), Screen::Neither, Style::Codes);
        let recorder =
            Recorder::new(number, destination.clone(), streams, Pictures::default());
        Self {
            countries,
            number,
            base_url: "http://127.0.0.1/flags".to_owned(),
            destination,
            concurrency: number,
            timeout: Duration::MAX,
            name: None,
            is_verbose: false,
            recorder: Arc::new(recorder),
        }
    }

    /// The flags to download, in the order of their codes. To be called once.
    pub fn flags(&self) -> impl Iterator<Item = Flag> {
        countries::in_turn(&self.countries, self.number).map(|(code, copy)| {
            let recorder = Arc::clone(&self.recorder);
            Flag::new(code, copy, &self.base_url, &self.destination, recorder)
        })
    }

    /// The codes of the [flags](Self::flags), in the same order.
    pub fn codes(&self) -> impl Iterator<Item = CountryCode> {
        countries::in_turn(&self.countries, self.number).map(|(code, _)| code)
    }

    /// How many flags may be in flight at once; never 0, and never more than there are.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// How long one flag may take, from its request to its last byte.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether the run tells more than its result.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.is_verbose
    }

    /// Whether the run is to end with a picture of its steps.
    #[must_use]
    pub fn draws_steps(&self) -> bool {
        self.recorder.draws_steps()
    }

    /// Has the steps of this run told and drawn at its end, after Ctrl-C too.
    pub fn show_at_end(&self, steps: Arc<dyn Steps>) {
        self.recorder.show_at_end(steps);
    }

    /// Tells why a flag was not downloaded, on standard error. That it was not is counted
    /// without this, when the flag is dropped.
    pub fn report(&self, code: CountryCode, error: &(dyn Error + 'static)) {
        let url = without_user(&FlagFile::Image(code).url(&self.base_url));
        self.recorder.report(code, &url, error);
    }

    /// Takes note that the client asks the proxy that the environment names for the site,
    /// so that it is not the site that is blamed for what the proxy does. A redirect may
    /// lead to where another one is asked, of which nothing is said.
    // The client made by hand goes to no proxy.
    #[cfg_attr(
        all(feature = "hyper", not(any(feature = "reqwest", feature = "ureq"))),
        expect(dead_code)
    )]
    pub(crate) fn heeds_proxy(&self) {
        if let Some(proxy) = Proxies::for_client(&self.base_url).for_url(&self.base_url) {
            self.recorder.goes_to(proxy.clone(), &self.base_url);
        }
    }

    /// Writes a line to standard output, without tearing the line of codes apart.
    pub fn println(&self, line: impl Display) {
        self.recorder.line(&line.to_string());
    }
}
