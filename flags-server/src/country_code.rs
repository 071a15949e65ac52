//! The codes of countries, by which the site names everything that it has.
//!
//! A few hundred of them travel from the command line to the path, to the site and to
//! its page, so they are kept as the two bytes they are: copied freely, never allocated.

use std::fmt::{self, Debug, Display, Formatter};
use std::str;

/// A country code of two letters, as in ISO 3166-1 alpha-2: `BR`, or `AA`, which no
/// country has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// How many codes there are.
    pub(crate) const COUNT: usize = 26 * 26;

    /// The code made of two letters, in either case; `None` when `text` is anything else.
    ///
    /// It can be called in constants too, so that a list of codes can be one.
    #[must_use]
    pub const fn new(text: &str) -> Option<Self> {
        match *text.as_bytes() {
            [first, second]
                if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() =>
            {
                Some(Self([first.to_ascii_uppercase(), second.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The codes from `AA` to `ZZ`, most of which no country has.
    pub fn every() -> impl Iterator<Item = Self> {
        let letters = b'A'..=b'Z';
        letters.clone().flat_map(move |first| {
            letters.clone().map(move |second| Self([first, second]))
        })
    }

    /// The 26 codes that begin with a letter, in either case: for `B`, `BA` to `BZ`.
    /// With anything else none begins.
    pub fn beginning_with(letter: char) -> impl Iterator<Item = Self> {
        Self::every().filter(move |code| {
            let [first, _] = code.0;
            char::from(first).eq_ignore_ascii_case(&letter)
        })
    }

    /// The code as paths and domains have it: `br`.
    #[must_use]
    pub fn lower_case(self) -> impl Display {
        let [first, second] = self.0.map(|letter| letter.to_ascii_lowercase());
        Letters(first, second)
    }

    /// The place of the code in a list of [every](Self::every) code.
    pub(crate) fn index(self) -> usize {
        let [first, second] = self.0.map(|letter| usize::from(letter - b'A'));
        26 * first + second
    }
}

impl Display for CountryCode {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let [first, second] = self.0;
        Letters(first, second).fmt(formatter)
    }
}

impl Debug for CountryCode {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, formatter)
    }
}

/// Two ASCII letters as text.
struct Letters(u8, u8);

impl Display for Letters {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let letters = [self.0, self.1];
        formatter.pad(str::from_utf8(&letters).expect("ASCII letters are text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_two_letters_in_either_case() {
        let brazil = CountryCode::new("br").unwrap();
        assert_eq!(brazil.to_string(), "BR");
        assert_eq!(brazil.lower_case().to_string(), "br");
        assert_eq!(format!("{brazil:?} {brazil:<4}|"), "BR BR  |");
        assert_eq!(CountryCode::new("Br"), CountryCode::new("BR"));
        for wrong in ["", "B", "BRA", "B1", "é", "B ", "[b"] {
            assert_eq!(CountryCode::new(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn every_code_is_there_once_in_the_order_of_its_index() {
        let every: Vec<_> = CountryCode::every().collect();
        assert!(every.iter().map(|code| code.index()).eq(0..CountryCode::COUNT));
        assert!(every.is_sorted());
        assert_eq!(
            (every[0].to_string(), every[675].to_string()),
            ("AA".into(), "ZZ".into())
        );
    }

    #[test]
    fn of_each_letter_there_are_26() {
        for letter in ['b', 'B'] {
            let codes: Vec<_> = CountryCode::beginning_with(letter).collect();
            assert_eq!(codes.len(), 26);
            assert_eq!(codes.first(), CountryCode::new("BA").as_ref());
            assert_eq!(codes.last(), CountryCode::new("BZ").as_ref());
        }
        for other in ['1', 'é', '[', '`'] {
            assert_eq!(CountryCode::beginning_with(other).count(), 0, "{other}");
        }
    }
}
