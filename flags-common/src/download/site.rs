//! Which site the flags come from.

use std::io;

use flags_server::{FlagServer, Profile};

use super::url::{is_loopback, parse_url};
use crate::values::Value;

/// The book's own site.
const REMOTE: &str = "https://www.fluentpython.com/data/flags";

/// What `--server` names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Server {
    /// The embedded site, which behaves as its profile says.
    Embedded(Profile),
    /// The book's own site.
    Remote,
    /// Any other, by the URL of the folder that holds `br/br.gif`.
    Url(String),
}

/// What `--server` takes.
const ALLOWED: &str = "LOCAL, DELAY, ERROR, BOOK, OVERLOAD, REMOTE or a URL like \
     http://localhost:8000/flags";

impl Server {
    /// Reads what `--server` takes.
    pub(crate) fn value() -> Value<Self> {
        Value::new(ALLOWED, |text| {
            if let Ok(profile) = text.parse() {
                Ok(Self::Embedded(profile))
            } else if text.eq_ignore_ascii_case("REMOTE") {
                Ok(Self::Remote)
            } else {
                parse_url(text).map(Self::Url)
            }
        })
    }

    /// Whether the site is on this machine, where no politeness is needed.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Embedded(_) => true,
            Self::Remote => false,
            Self::Url(url) => is_loopback(url),
        }
    }

    /// Gets the site ready, which means to start it where it is the embedded one.
    ///
    /// With a `seed` the embedded site gives each flag the same delay in every run.
    pub(crate) fn open(&self, seed: Option<u64>) -> io::Result<Site> {
        let (name, base_url, embedded) = match self {
            Self::Embedded(profile) => {
                let server = FlagServer::start(profile.behaviour(), seed)?;
                (format!("{profile} site"), server.url().to_owned(), Some(server))
            }
            Self::Remote => ("REMOTE site".to_owned(), REMOTE.to_owned(), None),
            Self::Url(url) => ("Site".to_owned(), url.clone(), None),
        };
        Ok(Site { name, base_url, embedded })
    }
}

/// The site of one run. The embedded one stops when this is dropped.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) base_url: String,
    embedded: Option<FlagServer>,
}

impl Site {
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded.is_some()
    }
}
