//! One fetch of one flag, written in six styles, as the page "Asynchronous and
//! non-Blocking I/O" of Tornado's guide does it in Python.
//!
//! A file for each style, all in the same order: what the style costs, the fetch, two
//! fetches in a row of which the second depends on the first, and what both need. Read
//! them in this order; the program runs them in the same. Then read [`fetcher`], the one
//! thread on which four of the six stand.
//!
//! [Its chapter](../../book/en/from-callbacks.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

pub mod synchronous;

pub mod callback;

pub mod future;

pub mod queue;

pub mod registry;

pub mod coroutine;

pub mod fetcher;

pub mod threads;

use flags_common::FlagError;
use flags_server::{CountryCode, FlagFile};
use serde_json::Value;

/// What comes of a fetch: the bytes of the body, or why there are none.
pub type Answer = Result<Vec<u8>, FlagError>;

/// The URL of the flag that `metadata` is about, on the site that has `metadata_url`.
///
/// # Errors
///
/// [`FlagError::Other`] when `metadata` names no country.
pub fn flag_url(metadata_url: &str, metadata: &[u8]) -> Result<String, FlagError> {
    // What is no JSON names no country either.
    let metadata: Value = serde_json::from_slice(metadata).unwrap_or_default();
    // Only a code goes into the URL: a site could name anything, `../secret` too.
    let code = metadata["iso_cc"].as_str().and_then(CountryCode::new);
    // Below the URL of the site there are a folder and a file.
    match (metadata_url.rsplitn(3, '/').nth(2), code) {
        (Some(site), Some(code)) => Ok(format!("{site}/{}", FlagFile::Image(code))),
        _ => Err(FlagError::Other("the metadata names no country".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_names_the_flag() {
        let metadata = br#"{"tld_cc": ".uk", "country": "\"BR\"", "iso_cc":"GB"}"#;
        let url = flag_url("http://site/flags/br/metadata.json", metadata);
        assert_eq!(url.unwrap(), "http://site/flags/gb/gb.gif");
    }

    #[test]
    fn metadata_without_a_country_is_an_error() {
        for wrong in [
            "",
            "{}",
            "[]",
            r#"{"iso_cc": 1}"#,
            r#"{"iso_cc": "../secret"}"#,
            r#"{"iso_cc": "BR""#,
            "\u{fffd}",
        ] {
            let error = flag_url("http://site/br/metadata.json", wrong.as_bytes());
            assert!(matches!(error, Err(FlagError::Other(_))), "{wrong}");
        }
    }
}
