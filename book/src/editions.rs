//! The two editions of the book, and how a chapter of the one remembers what it has last
//! been read beside in the other.
//!
//! A chapter ends with a comment that has the fingerprint of the same chapter in the
//! other language. So a change of one is seen until somebody has looked at both, and said
//! so.

/// The languages of the book.
pub const LANGUAGES: [&str; 2] = ["en", "ko"];

const MARK: &str = "<!-- read beside ";

/// The other language.
#[must_use]
pub fn other(language: &str) -> &'static str {
    if language == "ko" { "en" } else { "ko" }
}

/// The text of a chapter without the comment at its end.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    let text = text.trim_end();
    let last = text.rfind('\n').map_or(0, |end| end + 1);
    let is_mark = text[last..].starts_with(MARK);
    if is_mark { text[..last].trim_end() } else { text }
}

/// The comment with which a chapter ends when it has been read beside `text`, which is
/// the same chapter in `language`.
#[must_use]
pub fn mark(language: &str, text: &str) -> String {
    format!("{MARK}{language} {:016x} -->", fingerprint(without_mark(text)))
}

/// FNV-1a, which is the same on every machine and in every version of Rust, as a hash of
/// the standard library need not be (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn fingerprint(text: &str) -> u64 {
    // A checkout on Windows may end its lines in another way.
    text.bytes()
        .filter(|&byte| byte != b'\r')
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_algorithm() {
        // Two of the values in draft-eastlake-fnv.
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_mark_is_no_part_of_the_text_that_it_marks() {
        let text = "# Title\n\nText.\n";
        let marked = format!("{text}\n{}\n", mark("ko", "# 제목\n"));
        assert_eq!(without_mark(&marked), text.trim_end());
        assert_eq!(mark("en", &marked), mark("en", text));
        assert_ne!(mark("en", "# Title\n\nText!\n"), mark("en", text));
    }
}
