//! Who asks: what makes two requests belong to the same run, and what is shown of it.

use std::net::IpAddr;
use std::sync::Arc;

use flags_server::is_invisible;

/// What is shown of the name of a client, in characters.
const NAME: usize = 80;
/// What is shown of the name of a person, in characters.
const PERSON: usize = 40;

/// Where a request comes from and where it goes. Those of one run have this in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Key<'a> {
    pub(crate) site: &'a Arc<str>,
    pub(crate) address: IpAddr,
    pub(crate) agent: &'a [u8],
}

/// What a request asks for, and what it says of who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) path: &'a str,
    /// Which thread of the client sends it.
    pub(crate) thread: Option<u16>,
    /// Who runs the client; empty where it does not say.
    pub(crate) name: &'a [u8],
}

/// The name of who runs a client, as it is shown.
pub(super) fn person(name: &[u8]) -> Option<String> {
    let name = cut(visible(name).trim(), PERSON);
    (!name.is_empty()).then_some(name)
}

/// What the agent of a request says: the name of the client, and that of the run where
/// it has one.
pub(super) fn names(agent: &[u8]) -> (String, Option<String>) {
    let agent = visible(agent);
    match split(&agent) {
        Some((client, run)) => (cut(client, NAME), Some(run.to_owned())),
        None => (cut(&agent, NAME), None),
    }
}

/// A name as text on one line that reads in one direction, so that it cannot be taken for
/// what the page itself says.
fn visible(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.chars().filter(|&character| !is_invisible(character)).collect()
}

/// Takes `flags-async/0.1.0 (run 8f3a2c)` apart. The downloaders give every run such a
/// name of its own; a text that is longer is no run but a part of the client's name.
fn split(agent: &str) -> Option<(&str, &str)> {
    let (client, run) = agent.strip_suffix(')')?.rsplit_once("(run ")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric();
    let is_run = (1..=16).contains(&run.len()) && run.bytes().all(is_name);
    is_run.then_some((client.trim_end(), run))
}

/// At most this many characters of a text, the last of which says that there were more.
pub(super) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_taken_apart_only_where_it_ends_with_a_run() {
        for (agent, expected) in [
            ("flags-async/0.1.0 (run 8f3a2c)", Some(("flags-async/0.1.0", "8f3a2c"))),
            ("a (run 1) (run 2)", Some(("a (run 1)", "2"))),
            ("(run 8f3a2c)", Some(("", "8f3a2c"))),
            ("flags-async/0.1.0", None),
            ("a (run )", None),
            ("a (run 8f3a2c) b", None),
            ("a (run <b>)", None),
            ("a (run 0123456789abcdef0)", None),
            ("a (X11; Linux)", None),
            ("", None),
        ] {
            assert_eq!(split(agent), expected, "{agent}");
        }
    }

    #[test]
    fn an_agent_that_is_no_text_is_shown_as_far_as_it_is() {
        assert_eq!(names(b"a\xff"), ("a\u{fffd}".to_owned(), None));
        assert_eq!(names("a\u{202e}b".as_bytes()), ("ab".to_owned(), None));
    }

    #[test]
    fn a_person_is_shown_by_a_name_on_one_line() {
        let person = |name: &str| person(name.as_bytes());
        assert_eq!(person("Mina"), Some("Mina".to_owned()));
        assert_eq!(person("민아 \u{1f600}"), Some("민아 \u{1f600}".to_owned()));
        for nothing in ["", " ", "\u{85}\u{2028}", "\u{202e}"] {
            assert_eq!(person(nothing), None, "{nothing:?}");
        }
        assert_eq!(person(" a\u{202e}b\u{9b}\u{2066}c\t"), Some("abc".to_owned()));
        assert_eq!(person(&"ä".repeat(41)).unwrap().chars().count(), 40);
        assert_eq!(super::person(b"a\xff"), Some("a\u{fffd}".to_owned()));
    }

    #[test]
    fn only_what_is_too_long_is_cut() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("äöüß", 3), "äö…");
        let (client, _) = names("ä".repeat(100).as_bytes());
        assert_eq!(client.chars().count(), 80);
    }
}
