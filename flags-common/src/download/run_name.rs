//! The name that somebody gives a run, to find it on the page of the site.

use std::fmt;

use http::HeaderValue;

use crate::values::Value;

/// The most characters of a name: as many as the row of a run has room for.
const MOST_CHARACTERS: usize = 40;

/// What `--name` gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunName(String);

impl RunName {
    /// Reads such a name from the command line.
    pub(crate) fn value() -> Value<Self> {
        let what = format!("a name of 1 to {MOST_CHARACTERS} characters on one line");
        Value::new(what, |text| Self::new(text).ok_or(""))
    }

    fn new(text: &str) -> Option<Self> {
        let name = text.trim();
        let is_short = (1..=MOST_CHARACTERS).contains(&name.chars().count());
        (is_short && !name.contains(char::is_control)).then(|| Self(name.to_owned()))
    }

    /// The name as it goes into a header, in UTF-8.
    pub(crate) fn to_header(&self) -> HeaderValue {
        HeaderValue::from_bytes(self.0.as_bytes()).expect("no control character is in it")
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
            let parsed = RunName::new(name).unwrap();
            assert_eq!(parsed.to_header().as_bytes(), name.as_bytes());
        }
        assert_eq!(RunName::new(" Mina "), Some(RunName("Mina".to_owned())));
        for wrong in ["", " ", "a\nb", "a\u{7f}b", "a\u{85}b", &format!("{long}x")] {
            assert_eq!(RunName::new(wrong), None, "{wrong:?}");
        }
    }
}
