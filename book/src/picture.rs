//! A picture, as a part of the page.

use std::fmt::Write;
use std::path::Path;

use crate::read;

/// A block of two lines: an SVG file below `book/`, and what it shows, for those who
/// cannot see it.
pub(crate) fn picture(body: &[&str]) -> Result<String, String> {
    let [path, text] = body else {
        return Err("a picture is two lines: a file, and what it shows".to_owned());
    };
    if Path::new(path).extension().is_none_or(|extension| extension != "svg") {
        return Err(format!("{path} is no SVG file"));
    }
    let svg = read(&format!("book/{path}"))?;
    // Within the page, so that both editions can show the same file. It can be scrolled
    // where the screen is narrow, and what scrolls has to be reached by the keyboard.
    Ok(format!(
        "<div class=\"picture\" tabindex=\"0\">\
         <img alt=\"{}\" src=\"data:image/svg+xml,{}\"></div>\n",
        escape(text),
        percent_encode(&svg),
    ))
}

/// Text as it has to be written in HTML, within quotes too.
pub(crate) fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(2 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/:=,;() ".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("a string grows as long as it has to");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_picture_can_end_the_attribute_that_it_is_in() {
        assert_eq!(percent_encode("<a b=\"#ü\">\n"), "%3Ca b=%22%23%C3%BC%22%3E%0A");
        assert_eq!(escape("\"1 < 2\" & so on"), "&quot;1 &lt; 2&quot; &amp; so on");
    }

    #[test]
    fn a_picture_needs_an_svg_file_and_a_text() {
        assert!(picture(&["pictures/a.svg"]).is_err());
        assert!(picture(&["pictures/a.png", "A picture"]).is_err());
        assert!(picture(&["pictures/there-is-none.svg", "A picture"]).is_err());
    }
}
