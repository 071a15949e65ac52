//! Why a flag could not be had.
//!
//! Two HTTP clients report the same mishap in two ways, and a learner should read one. So
//! the errors of each client become a [`FlagError`], which says in words what happened.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use http::header::{CONTENT_ENCODING, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::url::without_user;
use crate::program;

/// The number of bytes at which a body is too large to be a flag: one more than 1 MiB.
/// The flags of the embedded site have a few thousand.
pub(crate) const BODY_LIMIT: u64 = (1 << 20) + 1;

/// How many bytes the head of an answer may have.
pub(crate) const HEAD_LIMIT: usize = 16 << 10;

/// How many redirects are followed for one flag.
pub(crate) const MAX_REDIRECTS: u8 = 5;

/// Why one flag was not downloaded. It never stops the others.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum FlagError {
    /// The site has no such flag: HTTP status 404. An answer, and not a failure.
    #[error("not found")]
    NotFound,
    /// The site answered with a status that is neither success nor 404.
    #[error("HTTP status {}", with_reason(*.0))]
    Status(StatusCode),
    /// The site sends us on to a place where this client does not go.
    #[error(
        "HTTP status {}: a redirect to {target}, which is not followed",
        with_reason(*status)
    )]
    NotFollowed {
        /// Which kind of redirect it is.
        status: StatusCode,
        /// Where it leads, as the site has written it.
        target: String,
    },
    /// Nothing listens at the site's address.
    #[error("connection refused")]
    Refused,
    /// The site's host name has no address.
    #[error("host name not resolved")]
    NameNotResolved,
    /// The system knows no way to the site, most likely since there is no network.
    #[error("out of reach: there is no way from this machine to that one")]
    Unreachable,
    /// The proxy does not open the way to a site that speaks `https`.
    #[error(
        "the proxy opens no way to the site{}",
        if *wants_password { ": it wants a user and a password" } else { "" }
    )]
    Tunnel {
        /// Whether it has asked who we are, or has not believed it.
        wants_password: bool,
    },
    /// The site speaks `https`, and the client does not.
    #[error("https is not spoken here")]
    NoTls,
    /// What answers does not speak TLS, and so not `https`.
    #[error("https is not spoken there: the answer is no TLS")]
    NotTls,
    /// The site and this program have no version of TLS in common.
    #[error("https failed: the site offers no TLS 1.2 or 1.3, and may be too old")]
    OldTls,
    /// The certificate of the site does not prove that it is the site.
    #[error("https failed: the site's certificate {0}")]
    Certificate(&'static str),
    /// Something else went wrong before anything was said by `https`.
    #[error("https failed: the site broke off the handshake, or made no sense in it")]
    Tls,
    /// The whole flag had not arrived within the time allowed.
    #[error("timed out")]
    TimedOut,
    /// The connection ended before the whole answer had arrived.
    #[error("truncated: the connection ended before the whole answer had arrived")]
    Truncated,
    /// The site sent us on, and on again, more than five times.
    #[error("redirect loop: more than {MAX_REDIRECTS} redirects")]
    RedirectLoop,
    /// What came is no answer in HTTP, or not to its end.
    #[error("broken answer: it does not keep to HTTP")]
    BrokenHttp,
    /// The answer has more than 16 KiB or more than 128 headers before its body.
    #[error("the head of the answer is too large")]
    HeadTooLarge,
    /// The body is compressed, although nobody has asked for that.
    #[error("the body is encoded as {0}, which was not asked for")]
    Encoded(String),
    /// The body is not a GIF image, whatever its status and headers say.
    #[error("not a GIF image")]
    NotGif,
    /// The body begins as a GIF image, and does not go on to its end as one.
    #[error("not a whole GIF image: it is cut off or damaged")]
    BrokenGif,
    /// The body has more than 1 MiB.
    #[error("larger than 1 MiB")]
    TooLarge,
    /// As many files and connections are open as the system allows, for this program or
    /// for all of them.
    #[error("{0}")]
    TooManyFiles(&'static str),
    /// The flag arrived, and could not be written to the destination.
    #[error("cannot save {}: {cause}", path.display())]
    CannotSave {
        /// The file that could not be written.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Arc<io::Error>,
    },
    /// The code that was to download the flag gave it up, most likely by a panic.
    #[error("abandoned: its download ended without a result")]
    Abandoned,
    /// Anything else that the HTTP client reports, in its own words.
    #[error("{0}")]
    Other(String),
}

impl FlagError {
    /// What the status of an answer means: [`Self::NotFound`] for 404, [`Self::Status`]
    /// for anything else that is not a success. Nor is a part (206) one, which nobody has
    /// asked for.
    pub(crate) fn check_status(status: StatusCode) -> Result<(), Self> {
        match status {
            StatusCode::NOT_FOUND => Err(Self::NotFound),
            StatusCode::PARTIAL_CONTENT => Err(Self::Status(status)),
            _ if status.is_success() => Ok(()),
            _ => Err(Self::Status(status)),
        }
    }

    /// In words what has happened, which are the same for all flags that it happens to.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::CannotSave { cause, .. } => format!("cannot save: {cause}"),
            _ => self.to_string(),
        }
    }

    /// Whether an answer brings a flag, as far as its head tells: by its status
    /// ([`Self::check_status`]) and its headers.
    pub(crate) fn check_head(
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<(), Self> {
        if let (true, Some(target)) = (status.is_redirection(), headers.get(LOCATION)) {
            return Err(Self::NotFollowed { status, target: printable(target) });
        }
        Self::check_status(status)?;
        let bytes = |(name, value): (&http::HeaderName, &HeaderValue)| {
            name.as_str().len() + ": \r\n".len() + value.len()
        };
        if headers.iter().map(bytes).sum::<usize>() > HEAD_LIMIT {
            return Err(Self::HeadTooLarge);
        }
        match headers.get(CONTENT_ENCODING) {
            Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
                Err(Self::Encoded(printable(encoding)))
            }
            _ => Ok(()),
        }
    }

    /// What the reader can do about it, where that is not plain from the error itself.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Refused => Some(
                "is the site running? `cargo run -p flags-server` starts one; without \
                 --server the downloader brings its own",
            ),
            Self::NameNotResolved => Some(
                "check the host name and the network; without --server no network is \
                 needed",
            ),
            Self::NoTls => {
                Some("this program leaves encryption out; flags-async downloads by https")
            }
            Self::NotFollowed { .. } => {
                Some("only redirects to http and https are followed, by event-loop none")
            }
            Self::NotTls => {
                Some("for a site without https, --server begins with http://")
            }
            Self::BrokenHttp => Some(
                "does the site speak https? then --server has to begin with https://",
            ),
            Self::TimedOut => Some(
                "--timeout gives each flag more time, --max-req asks for fewer at once",
            ),
            Self::NotGif => Some(
                "does --server name the folder that holds br/br.gif? a network's log-in \
                 page can also answer in place of the site",
            ),
            _ => None,
        }
    }

    /// The failure behind an input/output error, wherever in the exchange it arose.
    pub(crate) fn from_io(error: &io::Error) -> Self {
        use io::ErrorKind::{
            BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset,
            HostUnreachable, InvalidData, InvalidInput, NetworkUnreachable, TimedOut,
            UnexpectedEof,
        };
        if let Some(words) = program::what_files_lack(error) {
            return Self::TooManyFiles(words);
        }
        match error.kind() {
            ConnectionRefused => Self::Refused,
            TimedOut => Self::TimedOut,
            NetworkUnreachable | HostUnreachable => Self::Unreachable,
            UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe => {
                Self::Truncated
            }
            _ if is_name_resolution(error) => Self::NameNotResolved,
            // Said by no system, but by who reads an answer and makes no sense of it.
            InvalidData | InvalidInput if error.raw_os_error().is_none() => {
                Self::BrokenHttp
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

/// For a program that has other things to fail at as well, such as printing.
impl From<FlagError> for io::Error {
    fn from(error: FlagError) -> Self {
        Self::other(error)
    }
}

/// A status and what it is called, if anybody calls it something.
fn with_reason(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// What a site has written, in the middle of a line of ours.
fn printable(value: &HeaderValue) -> String {
    const MOST: usize = 200;
    let text = without_user(&String::from_utf8_lossy(value.as_bytes()));
    let mut characters = text.chars();
    let shown = characters.by_ref().take(MOST);
    let shown: String = shown.flat_map(char::escape_debug).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// The standard library gives a failed look-up of a host name no kind of its own: only
/// its text tells on Unix, and the numbers of the socket library on Windows.
fn is_name_resolution(error: &io::Error) -> bool {
    const HOST_NOT_FOUND: i32 = 11001;
    const NO_DATA: i32 = 11004;
    error.to_string().starts_with("failed to lookup address")
        || cfg!(windows) && matches!(error.raw_os_error(), Some(HOST_NOT_FOUND..=NO_DATA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_passes_the_status_check() {
        assert!(FlagError::check_status(StatusCode::OK).is_ok());
        let missing = FlagError::check_status(StatusCode::NOT_FOUND);
        assert!(matches!(missing, Err(FlagError::NotFound)));
        for status in
            [StatusCode::IM_A_TEAPOT, StatusCode::FOUND, StatusCode::PARTIAL_CONTENT]
        {
            let error = FlagError::check_status(status).unwrap_err();
            assert!(matches!(error, FlagError::Status(found) if found == status));
        }
    }

    #[test]
    fn a_head_tells_what_cannot_be_a_flag() {
        let head = |status, headers: &[(http::HeaderName, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(
                    name.clone(),
                    HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                );
            }
            FlagError::check_head(status, &map).map_err(|error| error.to_string())
        };
        let long = "x".repeat(HEAD_LIMIT);
        assert_eq!(head(StatusCode::OK, &[]), Ok(()));
        assert_eq!(head(StatusCode::OK, &[(LOCATION, "mailto:a@b")]), Ok(()));
        assert_eq!(head(StatusCode::OK, &[(CONTENT_ENCODING, "identity")]), Ok(()));
        for (status, header, expected) in [
            (StatusCode::OK, (CONTENT_ENCODING, "gzip"), "encoded as gzip,"),
            (StatusCode::OK, (http::header::SERVER, &long), "head of the answer"),
            (StatusCode::FOUND, (LOCATION, "mailto:a@b"), "redirect to mailto:a@b, "),
            (StatusCode::FOUND, (LOCATION, "\u{9b}1mé"), "to \\u{9b}1mé, "),
            (StatusCode::FOUND, (LOCATION, &long), "xxx…, which"),
            (StatusCode::FOUND, (LOCATION, "ftp://me:secret@x/y"), "to ftp://x/y, "),
            (StatusCode::FOUND, (LOCATION, "//me:secret@x:0x/y"), "to //x:0x/y, "),
            (StatusCode::FOUND, (CONTENT_ENCODING, "gzip"), "HTTP status 302"),
        ] {
            let text = head(status, &[header]).unwrap_err();
            assert!(text.contains(expected), "{text}");
        }
    }
}
