//! The name that somebody gives a run, to find it on the page of the site.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;

/// The most characters of a name: as many as the row of a run has room for.
const MOST_CHARACTERS: usize = 40;

/// What `--name` gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunName(String);

impl RunName {
    /// The name as it goes into a header, in UTF-8.
    pub(crate) fn to_header(&self) -> HeaderValue {
        HeaderValue::from_bytes(self.0.as_bytes()).expect("no control character is in it")
    }
}

impl FromStr for RunName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim();
        let is_allowed = (1..=MOST_CHARACTERS).contains(&name.chars().count())
            && !name.contains(char::is_control);
        if is_allowed {
            Ok(Self(name.to_owned()))
        } else {
            Err(format!(
                "a name of 1 to {MOST_CHARACTERS} characters on one line is needed"
            ))
        }
    }
}

impl fmt::Display for RunName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_stands_on_one_line() {
        let long = "한".repeat(40);
        for name in ["Mina", "Mina and Jürgen", "민아", long.as_str()] {
            let parsed: RunName = name.parse().unwrap();
            assert_eq!(parsed.to_header().as_bytes(), name.as_bytes());
        }
        assert_eq!(" Mina ".parse(), Ok(RunName("Mina".to_owned())));
        for wrong in ["", " ", "a\nb", "a\u{7f}b", "a\u{85}b", &format!("{long}x")] {
            assert!(wrong.parse::<RunName>().is_err(), "{wrong:?}");
        }
    }
}
