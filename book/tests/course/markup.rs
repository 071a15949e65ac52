//! Markup that a reader would see as it is written, because Markdown takes it for text.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::edition::Page;
use crate::{assert_faults, assert_none, check_each_page};

#[test]
fn no_markup_is_left_as_text() {
    check_each_page(leftover);
}

/// Within HTML there is no Markdown. And an emphasis that ends between a sign and a
/// letter, as one easily does before a Korean particle, does not end for Markdown.
fn leftover(page: &Page) -> Vec<String> {
    let mut in_block = false;
    let fault = |(event, range): (Event, std::ops::Range<usize>)| match event {
        Event::Start(Tag::CodeBlock(_)) => {
            in_block = true;
            None
        }
        Event::End(TagEnd::CodeBlock) => {
            in_block = false;
            None
        }
        _ if in_block => None,
        Event::Html(html) if html.contains(['`', '*']) => {
            Some(page.fault_at(range.start, "within HTML this is no Markdown"))
        }
        Event::Text(text) if text.contains('*') => {
            Some(page.fault_at(range.start, "this emphasis does not begin or end"))
        }
        _ => None,
    };
    let mut faults: Vec<_> = page.events().filter_map(fault).collect();
    // It is not closed at its end because it has not begun.
    faults.dedup();
    faults
}

#[test]
fn markup_that_is_left_as_text_is_seen() {
    assert_faults(
        leftover,
        &[
            ("a\n\n<summary>Why `main`?</summary>\n", "sample.md:3: within HTML"),
            ("**`get_flag`**는 기다립니다.\n", "this emphasis does not"),
        ],
    );
    let right = "**`get_flag`** 함수는 **기다립니다**.\n\n<summary>Why?</summary>\n\n\
                 ```python\nprint(*map(str, [1]))\n```\n";
    assert_none(&leftover(&Page::of(right)));
}
