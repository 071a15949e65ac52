//! The site that the flags come from, and what one needs to fetch from it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::time::Duration;

use fetch_styles::fetcher::Fetcher;
use fetch_styles::threads::Threads;
use flags_common::clients::{reqwest::reqwest_client_for, ureq::ureq_agent_for};
use flags_common::{is_loopback, without_user};
use flags_server::{Behaviour, FlagServer, Latency, raise_open_file_limit};
use reqwest::{Client, Url};
use ureq::Agent;

/// How the embedded site behaves: always the same, so that only the styles differ.
const BEHAVIOUR: Behaviour =
    Behaviour { latency: Latency::Fixed(Duration::from_millis(300)), error_rate: 0.0 };

/// How many flags are fetched at once.
const AT_ONCE: u32 = 100;
/// How many that is where the site is not on this machine, and a whole class would be an
/// attack on it. The downloaders keep to the same number.
const POLITE: u32 = 30;

/// Clients and fetchers are made for each row anew, so that none has connections or
/// threads left from the one before.
pub(crate) struct Site {
    url: String,
    timeout: Duration,
    /// Stops when this is dropped.
    embedded: Option<FlagServer>,
}

impl Site {
    /// The site at `url`, or else an embedded one, which is started.
    pub(crate) fn open(url: Option<String>, timeout: Duration) -> io::Result<Self> {
        // The embedded site has the other ends of the connections in the same process.
        // A lower limit than they need shows as an error of the fetches.
        let _ = raise_open_file_limit();
        let (url, embedded) = if let Some(url) = url {
            (url, None)
        } else {
            let server = FlagServer::start(BEHAVIOUR, None)?;
            (server.url().to_owned(), Some(server))
        };
        Ok(Self { url, timeout, embedded })
    }

    pub(crate) fn flag(&self) -> String {
        format!("{}/br/br.gif", self.url)
    }

    pub(crate) fn metadata(&self) -> String {
        format!("{}/br/metadata.json", self.url)
    }

    pub(crate) fn at_once(&self) -> u32 {
        if is_loopback(&self.url) { AT_ONCE } else { POLITE }
    }

    pub(crate) fn agent(&self) -> Agent {
        ureq_agent_for(&self.url, self.timeout, 1)
    }

    pub(crate) fn client(&self) -> Client {
        reqwest_client_for(&self.url, self.timeout)
    }

    pub(crate) fn fetcher(&self, threads: &Threads) -> io::Result<Fetcher> {
        Fetcher::start(self.client(), threads)
    }
}

impl Display for Site {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { url, .. } = self;
        if self.embedded.is_some() {
            return write!(formatter, "The embedded site {BEHAVIOUR}.");
        }
        write!(formatter, "The site is {}", without_user(url))?;
        let at_once = self.at_once();
        if at_once < AT_ONCE {
            write!(
                formatter,
                "\nIt is not on this machine: at most {at_once} flags are fetched at \
                 once."
            )?;
        }
        if Url::parse(url).is_ok_and(|url| url.domain().is_some()) {
            let note = "Threads that only look up the name of its host are not counted.";
            write!(formatter, "\n{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_site_on_this_machine_is_asked_for_a_hundred_at_once() {
        for (url, at_once, notes) in [
            ("http://127.0.0.1:8000/flags", 100, &[][..]),
            ("http://localhost:8000/flags", 100, &["not counted"]),
            ("http://192.0.2.1/flags", 30, &["at most 30 flags"]),
            ("https://flags.example/flags", 30, &["at most 30 flags", "not counted"]),
        ] {
            let site = Site::open(Some(url.to_owned()), Duration::MAX).unwrap();
            assert_eq!(site.at_once(), at_once, "{url}");
            let text = site.to_string();
            let (first, others) = text.split_once('\n').unwrap_or((&text, ""));
            assert_eq!(first, format!("The site is {url}"));
            assert_eq!(others.lines().count(), notes.len(), "{text}");
            assert!(notes.iter().all(|note| others.contains(note)), "{text}");
        }
    }
}
