//! The HTTP clients: their settings, their errors, and how an image is read with them. An
//! example builds only the one that it uses.

use std::error::Error;

use http::HeaderMap;

#[cfg(any(feature = "hyper", feature = "reqwest"))]
use crate::download::error::BODY_LIMIT;
use crate::download::error::FlagError;
use crate::download::run_name::RunName;
use crate::program::causes;
use crate::report::worker::Worker;

#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(feature = "ureq")]
mod redirect;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(any(feature = "reqwest", feature = "ureq"))]
mod tls;
#[cfg(feature = "ureq")]
pub mod ureq;

/// How many headers the head of an answer may have. ureq has room for no more, and hyper
/// for fewer if it is not told.
#[cfg(any(feature = "hyper", feature = "reqwest"))]
pub const MAX_HEADERS: usize = 128;

/// What a request of the calling thread says besides its URL, for the page on which the
/// site shows who sends what: the number of the thread, and the name of the run if it has
/// one.
fn headers(name: Option<&RunName>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("flags-thread", Worker::current().number.into());
    if let Some(name) = name {
        headers.insert("flags-name", name.to_header());
    }
    headers
}

/// Adds a part to a body, which has to stay small enough to be a flag: nobody says
/// beforehand how many parts there are to come.
#[cfg(any(feature = "hyper", feature = "reqwest"))]
fn append(body: &mut Vec<u8>, part: &[u8]) -> Result<(), FlagError> {
    body.extend_from_slice(part);
    if body.len() as u64 >= BODY_LIMIT { Err(FlagError::TooLarge) } else { Ok(()) }
}

impl FlagError {
    /// The failure behind an error of a client. Clients wrap the errors of TLS and of the
    /// system, each in its own way, so the cause of all that went wrong is the last.
    fn from_cause(error: &(dyn Error + 'static)) -> Self {
        #[cfg(any(feature = "reqwest", feature = "ureq"))]
        if let Some(error) = causes(error).find_map(<dyn Error>::downcast_ref) {
            return tls::explain(error);
        }
        #[cfg(feature = "reqwest")]
        if let Some(failed) = causes(error).find_map(reqwest::from_tunnel) {
            return failed;
        }
        #[cfg(any(feature = "hyper", feature = "reqwest"))]
        let of_answer = |error: &(dyn Error + 'static)| from_hyper(error.downcast_ref()?);
        #[cfg(any(feature = "hyper", feature = "reqwest"))]
        if let Some(explained) = causes(error).find_map(of_answer) {
            return explained;
        }
        match causes(error).filter_map(<dyn Error>::downcast_ref).last() {
            Some(error) => Self::from_io(error),
            None => Self::Other(error.to_string()),
        }
    }
}

/// What hyper has found wrong with an answer itself.
#[cfg(any(feature = "hyper", feature = "reqwest"))]
fn from_hyper(error: &::hyper::Error) -> Option<FlagError> {
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Some(FlagError::Truncated)
    } else if error.is_parse_too_large() {
        Some(FlagError::HeadTooLarge)
    } else if error.is_parse() {
        Some(FlagError::BrokenHttp)
    } else {
        None
    }
}
