//! What went wrong in a run, by its kind, so that one mishap which strikes hundreds of
//! flags is told in a few lines and not in hundreds.

use flags_server::CountryCode;

/// How many errors of one kind have a line of their own.
const MOST_LINES: usize = 5;

/// How many of the flags are named that have no line of their own.
const MOST_NAMES: usize = 8;

/// The errors that have been reported.
#[derive(Debug, Default)]
pub(crate) struct Failures(Vec<Kind>);

#[derive(Debug)]
struct Kind {
    words: String,
    number: usize,
    /// The first of those without a line, each code only once.
    names: Vec<CountryCode>,
}

impl Failures {
    /// Adds an error of the kind that these `words` describe. Returns whether it should
    /// be told in a line of its own.
    pub(crate) fn add(&mut self, code: CountryCode, words: &str) -> bool {
        let place = self.0.iter().position(|kind| kind.words == words);
        let place = place.unwrap_or_else(|| {
            self.0.push(Kind { words: words.to_owned(), number: 0, names: Vec::new() });
            self.0.len() - 1
        });
        let kind = &mut self.0[place];
        kind.number += 1;
        let has_line = kind.number <= MOST_LINES;
        if !has_line && kind.names.len() < MOST_NAMES && !kind.names.contains(&code) {
            kind.names.push(code);
        }
        has_line
    }

    /// A line for each kind of which not all errors had one.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter(|kind| kind.number > MOST_LINES).map(Kind::line)
    }
}

impl Kind {
    fn line(&self) -> String {
        let Self { words, number, names } = self;
        let without_line = number - MOST_LINES;
        let others = without_line - names.len();
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let names = names.join(" ");
        let others = match others {
            0 => String::new(),
            _ => format!(" and {others} others; -v lists all"),
        };
        // What comes after a colon says more of what a line above has said already.
        let words = words.split(':').next().unwrap_or(words);
        format!("{words}, {without_line} more: {names}{others}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::code;

    fn lines(failures: &Failures) -> Vec<String> {
        failures.lines().collect()
    }

    #[test]
    fn a_few_of_a_kind_have_a_line_each_and_no_other() {
        let mut failures = Failures::default();
        for code in CountryCode::beginning_with('A').take(MOST_LINES) {
            assert!(failures.add(code, "not found"));
            assert!(failures.add(code, "timed out"));
        }
        assert!(lines(&failures).is_empty());
    }

    #[test]
    fn more_of_a_kind_are_one_line_with_their_number_and_the_first_names() {
        let mut failures = Failures::default();
        for (number, code) in CountryCode::every().enumerate() {
            assert_eq!(failures.add(code, "not found"), number < MOST_LINES);
        }
        for code in CountryCode::beginning_with('B').take(MOST_LINES + 2) {
            failures.add(code, "timed out");
        }
        let expected = [
            "not found, 671 more: AF AG AH AI AJ AK AL AM and 663 others; -v lists all",
            "timed out, 2 more: BF BG",
        ];
        assert_eq!(lines(&failures), expected);
        assert!(expected[0].len() < 80);
    }

    #[test]
    fn copies_of_one_flag_are_named_once() {
        let mut failures = Failures::default();
        for _ in 0..20 {
            failures.add(code("CA"), "timed out");
        }
        let expected = ["timed out, 15 more: CA and 14 others; -v lists all"];
        assert_eq!(lines(&failures), expected);
    }
}
