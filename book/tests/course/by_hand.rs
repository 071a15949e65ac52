//! No listing is typed by hand: a block that is not filled is an error of the
//! preprocessor (`flags_book::blocks`), except Python and commands to type. What gets
//! around it is here.

use flags_book::blocks::{Part, parts};
use flags_book::editions::without_mark;
use pulldown_cmark::{CodeBlockKind, Event, Tag};

use crate::edition::Page;
use crate::{assert_faults, assert_none, check_each_page};

#[test]
fn every_block_is_filled() {
    check_each_page(|page| page.fill().err().into_iter().collect());
}

#[test]
fn no_listing_and_no_output_is_typed_by_hand() {
    check_each_page(by_hand);
}

fn by_hand(page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    for (event, range) in page.events() {
        let what = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => "an indented block",
            Event::Html(html) | Event::InlineHtml(html)
                if html.contains("<pre") || html.contains("<code") =>
            {
                "code in HTML"
            }
            Event::Start(Tag::Image { .. }) => "an image that is no block",
            _ => continue,
        };
        faults.push(page.fault_at(range.start, what));
    }
    for part in parts(without_mark(&page.text)).unwrap_or_default() {
        let Part::Block(block) = part else { continue };
        let is_printed = |line: &str| !line.starts_with("$ ");
        if block.kind == "console" && block.body.iter().any(|line| is_printed(line)) {
            faults.push(
                page.fault(block.line, "a console has only lines with `$ command`"),
            );
        }
    }
    faults
}

#[test]
fn what_is_typed_by_hand_is_seen() {
    assert_faults(
        by_hand,
        &[
            ("Text.\n\n    fn main() {}\n", "sample.md:3: an indented block"),
            ("<pre>fn main() {}</pre>\n", "code in HTML"),
            ("Text with <code>main</code>.\n", "code in HTML"),
            ("![A bar](bar.svg)\n", "an image"),
            ("\n```console\n$ cargo run\n20 flags\n```\n", "sample.md:2: a console has"),
        ]
        .map(|(text, fault)| (text, fault)),
    );
    let allowed = "```python\nx = 1\n```\n\n```console\n$ cargo run -p flags-seq\n```\n";
    assert_none(&by_hand(&Page::of(allowed)));
}

#[test]
fn a_block_that_cannot_be_filled_is_seen() {
    let check = |page: &Page| page.fill().err().into_iter().collect();
    assert_faults(
        check,
        &[
            ("```rust\nfn main() {}\n```\n", "sample.md:1: no block is called `rust`"),
            ("```listing\nflags-seq/src/main.rs: man\n```\n", "has no `man`"),
            ("```listing\nflags-seq/src/main.rs: main\n", "not closed"),
            ("```output\nthere-is-none.txt\n```\n", "there-is-none.txt"),
        ],
    );
}
