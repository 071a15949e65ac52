//! One fetch of one flag, written in six styles, as the page "Asynchronous and
//! non-Blocking I/O" of Tornado's guide does it in Python.
//!
//! A file for each style, all in the same order: what the style costs, the fetch, two
//! fetches in a row of which the second depends on the first, and what both need. Read
//! them in this order; the program runs them in the same.

pub mod synchronous;

pub mod callback;

pub mod future;

pub mod queue;

pub mod registry;

pub mod coroutine;

use flags_common::{CountryCode, FlagError};

/// What comes of a fetch: the bytes of the body, or why there are none.
pub type Answer = Result<Vec<u8>, FlagError>;

/// The URL of the flag that `metadata` is about, which came from `metadata_url`.
///
/// # Errors
///
/// [`FlagError::Other`] when `metadata` names no country.
pub fn flag_url(metadata_url: &str, metadata: &[u8]) -> Result<String, FlagError> {
    // {"iso_cc": "BR", …}: split at the quotes, the code comes two parts after its name.
    let text = String::from_utf8_lossy(metadata);
    let code = text.split('"').skip_while(|&part| part != "iso_cc").nth(2);
    match (metadata_url.rsplit_once('/'), code.and_then(CountryCode::new)) {
        (Some((folder, _)), Some(code)) => {
            Ok(format!("{folder}/{}.gif", code.lower_case()))
        }
        _ => Err(FlagError::Other("the metadata names no country".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_lies_beside_the_metadata_that_names_it() {
        let metadata = br#"{"iso_cc": "BR", "tld_cc": "br", "country": "Brazil"}"#;
        let url = flag_url("http://site/flags/br/metadata.json", metadata);
        assert_eq!(url.unwrap(), "http://site/flags/br/br.gif");
    }

    #[test]
    fn metadata_without_a_country_is_an_error() {
        for wrong in ["", "{}", r#"{"iso_cc": "../secret"}"#, r#""iso_cc""#, "\u{fffd}"] {
            let error = flag_url("http://site/metadata.json", wrong.as_bytes());
            assert!(matches!(error, Err(FlagError::Other(_))), "{wrong}");
        }
    }
}
