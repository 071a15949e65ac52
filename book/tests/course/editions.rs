//! Both editions say the same in the same places, and have been read beside each other.

use flags_book::NUMBERS;
use flags_book::blocks::{Part, parts};
use flags_book::editions::{mark, without_mark};
use pulldown_cmark::{Event, LinkType, Tag};

use crate::assert_none;
use crate::edition::{Edition, Page};

#[test]
fn both_editions_have_the_same_chapters() {
    let [english, korean] = Edition::both();
    let names = |edition: &Edition| {
        let pages = edition.pages.iter();
        pages.map(|page| (page.file.clone(), page.is_numbered)).collect::<Vec<_>>()
    };
    assert_eq!(names(&english), names(&korean));
    for edition in [english, korean] {
        assert!(
            edition.unlisted().is_empty(),
            "not in SUMMARY.md: {:?}",
            edition.unlisted()
        );
    }
}

#[test]
fn both_editions_say_the_same_in_the_same_places() {
    let [english, korean] = Edition::both();
    let pairs = english.pages.iter().zip(&korean.pages);
    assert_none(
        &pairs.filter_map(|(page, other)| differences(page, other)).collect::<Vec<_>>(),
    );
}

#[test]
fn both_editions_have_been_read_beside_each_other() {
    let [english, korean] = Edition::both();
    let pairs = english.pages.iter().zip(&korean.pages);
    assert_none(&pairs.flat_map(|(page, other)| unread(page, other)).collect::<Vec<_>>());
}

/// Everything of a page but its words, each with its place in the text.
fn structure(page: &Page) -> Vec<(usize, String)> {
    let mut structure = Vec::new();
    for (event, range) in page.events() {
        let part = match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                format!(
                    "a heading {level} with {{#{}}}",
                    id.as_deref().unwrap_or_default()
                )
            }
            Event::Start(Tag::CodeBlock(_)) => block(&page.text[range.clone()]),
            Event::Start(Tag::Item) => {
                let text = page.text[range.clone()].trim_start_matches(['-', ' ']);
                let number = text.chars().next().filter(|first| NUMBERS.contains(first));
                number
                    .map_or("an item of a list".into(), |number| format!("item {number}"))
            }
            Event::Start(Tag::Table(columns)) => {
                format!("a table with {}", columns.len())
            }
            Event::Start(Tag::TableRow) => "a row of a table".to_owned(),
            Event::Start(Tag::BlockQuote(kind)) => format!("a quotation {kind:?}"),
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
                format!("a link to {dest_url}")
            }
            Event::Code(code) if code.starts_with("cargo ") => format!("`{code}`"),
            Event::Html(html) if html.trim_start().starts_with("<details") => {
                html.trim().to_owned()
            }
            _ => continue,
        };
        structure.push((range.start, part));
    }
    structure
}

/// A block with all that is in it, except what a picture shows, which is in words. These
/// can also be in the picture, which has a twin in Korean then.
fn block(text: &str) -> String {
    let Ok(parts) = parts(text) else { return text.to_owned() };
    let [Part::Block(block)] = &parts[..] else { return text.to_owned() };
    let body = match (block.kind, &block.body[..]) {
        ("picture", [file, ..]) => file.replace("-ko.svg", ".svg"),
        (_, lines) => lines.join(" / "),
    };
    format!("the {} `{body}`", block.kind)
}

/// The first place where two pages are not alike. What follows it may only be out of
/// step.
fn differences(page: &Page, other: &Page) -> Option<String> {
    let (these, others) = (structure(page), structure(other));
    let place = (0..these.len().max(others.len())).find(|&at| {
        these.get(at).map(|part| &part.1) != others.get(at).map(|part| &part.1)
    })?;
    let tell = |page: &Page, parts: &[(usize, String)]| match parts.get(place) {
        Some((at, part)) => page.fault_at(*at, part),
        None => page.fault_at(without_mark(&page.text).len(), "the end"),
    };
    Some(format!("{}\nwhere the other has\n{}", tell(page, &these), tell(other, &others)))
}

/// What has changed since somebody has looked at both.
fn unread(page: &Page, other: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    for (page, other) in [(page, other), (other, page)] {
        if page.text.trim_end().lines().last()
            != Some(&*mark(&other.language, &other.text))
        {
            let Page { language, file, .. } = other;
            faults.push(page.fault_at(
                without_mark(&page.text).len(),
                &format!(
                    "book/{language}/src/{file} has changed; when both say the same \
                     again: cargo run -p flags-book -- read {file}"
                ),
            ));
        }
    }
    faults
}

fn pair(english: &str, korean: &str) -> (Page, Page) {
    (Page::of(english), Page { language: "ko".into(), ..Page::of(korean) })
}

#[test]
fn another_shape_is_seen() {
    for (english, korean, fault) in [
        ("# A {#a}\n", "# 가 {#b}\n", "a heading h1 with {#a}\nwhere"),
        ("# A\n\n## B\n", "# 가\n", "a heading h2"),
        ("# A\n", "# 가\n\n- 나\n", "sample.md:1: the end\nwhere"),
        ("- ❶ a\n- ❷ b\n", "- ❷ 나\n- ❶ 가\n", "item ❶\nwhere"),
        ("```output\na.txt\n```\n", "```output\nb.txt\n```\n", "the output `a.txt`"),
        (
            "```picture\na.svg\nA\n```\n",
            "```picture\nb-ko.svg\n가\n```\n",
            "the picture `a.svg`",
        ),
        ("```listing\na: b\n❶ c\n```\n", "```listing\na: b\n```\n", "`a: b / ❶ c`"),
        ("Text `cargo run -p a`.\n", "글 `cargo run -p b`.\n", "`cargo run -p a`"),
        ("[a](a.md)\n", "[가](b.md)\n", "a link to a.md"),
        ("<details class=\"answer\">\n", "<details class=\"teacher\">\n", "answer"),
        ("> [!NOTE]\n> a\n", "> 가\n", "a quotation"),
        ("| a |\n| - |\n| b |\n", "| 가 |\n| - |\n", "a row of a table"),
    ] {
        let (english, korean) = pair(english, korean);
        let found = differences(&english, &korean).unwrap_or_default();
        assert!(found.contains(fault), "{found}, and not {fault}");
    }
}

#[test]
fn other_words_are_no_other_shape() {
    let (english, korean) = pair(
        "# One\n\nText, `code`.\n\n```picture\na.svg\nA bar\n```\n\n- item\n",
        "# 하나\n\n`이름`을 쓴 글.\n\n```picture\na.svg\n막대\n```\n\n- 항목\n",
    );
    assert_eq!(differences(&english, &korean), None);
}

#[test]
fn a_change_of_either_edition_is_seen_until_both_have_been_read() {
    let (mut english, mut korean) = pair("# One\n", "# 하나\n");
    let read = |page: &Page, other: &Page| {
        format!(
            "{}\n\n{}\n",
            without_mark(&page.text),
            mark(&other.language, &other.text)
        )
    };
    assert_eq!(unread(&english, &korean).len(), 2);
    (english.text, korean.text) = (read(&english, &korean), read(&korean, &english));
    assert_none(&unread(&english, &korean));

    english.text = english.text.replace("One", "Two");
    let faults = unread(&english, &korean);
    let [fault] = &faults[..] else { panic!("{faults:?}") };
    assert!(
        fault.starts_with("book/ko/src/sample.md:1: book/en/src/sample.md has"),
        "{fault}"
    );

    english.text = read(&english, &korean);
    korean.text = read(&korean, &english).replace("하나", "둘");
    let faults = unread(&english, &korean);
    let [fault] = &faults[..] else { panic!("{faults:?}") };
    assert!(
        fault.starts_with("book/en/src/sample.md:1: book/ko/src/sample.md has"),
        "{fault}"
    );
}
