//! What single words of the command line stand for.

use std::path::PathBuf;
use std::str::FromStr;

use flags_server::CountryCode;

/// What comes after `--waterfall`.
#[derive(Debug, Clone)]
pub(super) enum Drawing {
    /// The file to draw to.
    Svg(PathBuf),
    /// Codes of flags, or none, so that the drawing goes below the result.
    Codes(Codes),
}

impl FromStr for Drawing {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = svg_file(text) {
            return Ok(Self::Svg(path));
        }
        if text.is_empty() {
            return Ok(Self::Codes(Codes(Vec::new())));
        }
        text.parse().map(Self::Codes).map_err(|_| ONLY_SVG)
    }
}

/// What is allowed where a picture is named.
pub(super) const ONLY_SVG: &str = "a file that ends in .svg is allowed";

/// The file of a picture, if this text names one.
pub(super) fn svg_file(text: &str) -> Option<PathBuf> {
    let path = PathBuf::from(text);
    let extension = path.extension()?;
    extension.eq_ignore_ascii_case("svg").then_some(path)
}

/// The codes that one word of the command line stands for.
#[derive(Debug, Clone)]
pub(super) struct Codes(pub(super) Vec<CountryCode>);

impl FromStr for Codes {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match *text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => {
                Ok(Self(CountryCode::beginning_with(char::from(letter)).collect()))
            }
            _ => match CountryCode::new(text) {
                Some(code) => Ok(Self(vec![code])),
                None => Err("one or two letters from A to Z are allowed"),
            },
        }
    }
}
