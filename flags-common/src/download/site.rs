//! Which site the flags come from.

use std::io;
use std::net::IpAddr;
use std::str::FromStr;

use flags_server::{FlagServer, Profile};
use http::Uri;

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

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(profile) = text.parse() {
            return Ok(Self::Embedded(profile));
        }
        if text.eq_ignore_ascii_case("REMOTE") {
            return Ok(Self::Remote);
        }
        let allowed = "LOCAL, DELAY, ERROR, BOOK, REMOTE and URLs such as \
                       http://localhost:8000/flags are allowed";
        parse_url(text).map(Self::Url).map_err(|_| allowed.to_owned())
    }
}

impl Server {
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

/// Reads the URL of a site, which is that of the folder that holds `br/br.gif`.
///
/// # Errors
///
/// What is allowed, when it is anything else.
pub fn parse_url(text: &str) -> Result<String, &'static str> {
    match text.parse::<Uri>() {
        Ok(url)
            if matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty())
                && url.query().is_none() =>
        {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("URLs such as http://localhost:8000/flags are allowed"),
    }
}

/// Whether a URL leads to this machine, where no proxy has to be asked.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let url = url.parse::<Uri>().ok();
    url.as_ref().and_then(Uri::host).is_some_and(is_loopback_host)
}

fn is_loopback_host(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_profile_remote_or_a_url() {
        assert_eq!("book".parse(), Ok(Server::Embedded(Profile::Book)));
        assert_eq!("Remote".parse(), Ok(Server::Remote));
        let url = "http://localhost:8000/flags".to_owned();
        assert_eq!("http://localhost:8000/flags/".parse(), Ok(Server::Url(url)));
        for wrong in
            ["", "MOON", "ftp://site/flags", "http://", "localhost:8000", "/flags"]
        {
            let error = wrong.parse::<Server>().unwrap_err();
            assert!(error.contains("LOCAL, DELAY, ERROR, BOOK, REMOTE"), "{wrong}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_network() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "[::1]"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "[::2]", "0.0.0.0"] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
