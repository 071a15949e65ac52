//! The HTTP clients: their settings, their errors, and how an image is read with them. An
//! example builds only the one that it uses.

use http::HeaderMap;

#[cfg(any(feature = "hyper", feature = "reqwest"))]
use crate::download::error::{BODY_LIMIT, FlagError};
use crate::download::run_name::RunName;
use crate::report::worker::Worker;

#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "ureq")]
pub mod ureq;

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
