//! Links lead to a page, and to a place of it, and paths to a file of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Tag};

use crate::assert_none;
use crate::edition::{Edition, Page, events};

#[test]
fn every_link_and_every_path_leads_somewhere() {
    for edition in Edition::both() {
        assert_none(&broken(&edition.pages));
    }
}

/// Where a link may lead in a page, as it is when its blocks are filled.
fn fragments(page: &Page) -> BTreeSet<String> {
    // What cannot be filled is told elsewhere.
    let text = page.fill().unwrap_or_default();
    let headings = events(&text).filter_map(|(event, _)| match event {
        Event::Start(Tag::Heading { id, .. }) => id.map(|id| id.to_string()),
        _ => None,
    });
    headings.collect()
}

fn broken(pages: &[Page]) -> Vec<String> {
    let fragments: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|page| (&*page.file, fragments(page))).collect();
    let mut faults = Vec::new();
    for page in pages {
        for (event, range) in page.events() {
            let what = match &event {
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let (file, id) = dest_url.split_once('#').unwrap_or((dest_url, ""));
                    let file = if file.is_empty() { &page.file } else { file };
                    let leads_there = match fragments.get(file) {
                        _ if dest_url.starts_with("https://") => true,
                        Some(ids) => id.is_empty() || ids.contains(id),
                        None => false,
                    };
                    (!leads_there)
                        .then(|| format!("the link to {dest_url} leads nowhere"))
                }
                Event::Code(code) if is_path(code) => {
                    let exists = flags_book::root().join(&**code).exists();
                    (!exists).then(|| format!("there is no file {code}"))
                }
                _ => None,
            };
            faults.extend(what.map(|what| page.fault_at(range.start, &what)));
        }
    }
    faults
}

fn is_path(code: &str) -> bool {
    let ends = [".rs", ".toml", ".md", ".svg"];
    code.contains('/')
        && !code.contains(' ')
        && ends.iter().any(|end| code.ends_with(end))
}

#[test]
fn a_link_that_leads_nowhere_is_seen() {
    let other = Page { file: "other.md".into(), ..Page::of("# B\n\n## C {#c}\n") };
    let target = |text: &str| {
        broken(&[
            Page::of(text),
            Page { text: other.text.clone(), file: other.file.clone(), ..Page::of("") },
        ])
    };
    for right in [
        "[b](other.md#c)",
        "[b](other.md)",
        "[d](#d)\n\n## D {#d}\n",
        "`flags-seq/src/main.rs`",
    ] {
        assert_none(&target(right));
    }
    for (text, fault) in [
        ("[b](another.md)", "sample.md:1: the link to another.md leads nowhere"),
        ("a\n\n[b](other.md#d)", "sample.md:3: the link to other.md#d leads nowhere"),
        ("[b](#c)", "the link to #c leads nowhere"),
        ("[b](../../flags-seq/src/main.rs)", "leads nowhere"),
        ("`flags-seq/src/mine.rs`", "there is no file flags-seq/src/mine.rs"),
    ] {
        let faults = target(text);
        assert!(
            faults.len() == 1 && faults[0].contains(fault),
            "{faults:?}, and not {fault}"
        );
    }
}
