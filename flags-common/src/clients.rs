//! The HTTP clients: their settings, their errors, and how an image is read with them. An
//! example builds only the one that it uses.

#[cfg(any(feature = "hyper", feature = "reqwest"))]
use crate::download::error::{BODY_LIMIT, FlagError};

#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "ureq")]
pub mod ureq;

/// Adds a part to a body, which has to stay small enough to be a flag: nobody says
/// beforehand how many parts there are to come.
#[cfg(any(feature = "hyper", feature = "reqwest"))]
fn append(body: &mut Vec<u8>, part: &[u8]) -> Result<(), FlagError> {
    body.extend_from_slice(part);
    if body.len() as u64 >= BODY_LIMIT { Err(FlagError::TooLarge) } else { Ok(()) }
}
