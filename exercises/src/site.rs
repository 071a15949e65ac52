//! The site that an exercise asks when it is no downloader, whose frame would find it.

use std::env;
use std::io;

use flags_common::CountryCode;
use flags_server::{FlagFile, FlagServer, Profile};

/// The variable with the URL of the site. The downloaders have it too, and know names
/// besides, such as `DELAY`.
pub(crate) const SITE: &str = "FLAGS_SERVER";
/// The variable with the URL of another site that has the same flags.
pub(crate) const MIRROR: &str = "FLAGS_MIRROR";

/// The site of the check. Where there is none, because the program was started by hand,
/// it is one in the program, which answers after times like those that the book measured.
#[derive(Debug)]
pub struct Site {
    url: String,
    _embedded: Option<FlagServer>,
}

impl Site {
    /// The site that an exercise asks.
    ///
    /// # Errors
    ///
    /// What the system says when the site in the program cannot be started.
    pub fn open() -> io::Result<Self> {
        Self::named_by(SITE)
    }

    /// Another site with the same flags.
    ///
    /// # Errors
    ///
    /// What the system says when the site in the program cannot be started.
    pub fn mirror() -> io::Result<Self> {
        Self::named_by(MIRROR)
    }

    fn named_by(variable: &str) -> io::Result<Self> {
        // For a program that is started by hand, it may say something else.
        let url = env::var(variable).unwrap_or_default();
        if url.starts_with("http") {
            let url = url.trim_end_matches('/').to_owned();
            return Ok(Self { url, _embedded: None });
        }
        let server = FlagServer::start(Profile::Book.behaviour(), None)?;
        Ok(Self { url: server.url().to_owned(), _embedded: Some(server) })
    }

    /// Its base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the flag of a country is.
    #[must_use]
    pub fn url_of(&self, code: CountryCode) -> String {
        FlagFile::Image(code).url(&self.url)
    }

    /// The same for a code in lower case, such as `br`.
    #[must_use]
    pub fn flag(&self, code: &str) -> String {
        format!("{}/{code}/{code}.gif", self.url)
    }

    /// Where it says what there is to know of a country.
    #[must_use]
    pub fn metadata_url_of(&self, code: CountryCode) -> String {
        FlagFile::Metadata(code).url(&self.url)
    }
}
