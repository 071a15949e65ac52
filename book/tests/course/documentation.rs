//! The front page of each crate's documentation leads to its chapter and to its siblings:
//! by itself or, where a lesson has no line to spare, by the table in `flags-common`.
//! `cargo doc` writes into `target/doc` and mdBook into `target/book`, so that the one
//! finds the other.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Tag};

use crate::commands::packages;
use crate::edition::{Edition, Page};
use crate::{assert_faults, assert_none};

const TO_CHAPTER: &str = "../../book/en/";
const TO_TABLE: &str = "../flags_common/index.html#chapters";
/// The table itself, what makes the course and what tests another stand in no row of it.
const OUTSIDE: [&str; 3] = ["executor-model", "flags-book", "flags-common"];

#[test]
fn every_front_page_leads_to_its_chapter_and_to_its_siblings() {
    let packages = packages();
    // The documentation of `flags-seq` is in the folder `flags_seq`.
    let crates: Vec<_> = packages.keys().map(|name| name.replace('-', "_")).collect();
    let [english, _] = Edition::both();
    let chapters: Vec<_> = english.pages.into_iter().map(|page| page.file).collect();
    let faults = packages.iter().flat_map(|(name, folder)| {
        wrong_links(&front_page(folder), &chapters, &crates)
            .into_iter()
            .map(move |fault| format!("{name}: {fault}"))
    });
    assert_none(&faults.collect::<Vec<_>>());
    let table = links(&front_page(&packages["flags-common"]));
    for name in packages.keys().filter(|name| !OUTSIDE.contains(&name.as_str())) {
        let page = format!("../{}/index.html", name.replace('-', "_"));
        assert!(table.contains(&page), "the table in flags-common lacks {name}");
    }
}

/// The comment at the top of the library, or of the program where there is none.
fn front_page(folder: &Path) -> Page {
    let library = fs::read_to_string(folder.join("src/lib.rs"));
    let text = library.or_else(|_| fs::read_to_string(folder.join("src/main.rs")));
    let text = text.expect("each package has one of them");
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    Page::of(&lines.map(|line| line.trim().to_owned() + "\n").collect::<String>())
}

/// Where the page leads, within the documentation and the course.
fn links(front_page: &Page) -> Vec<String> {
    let links = front_page.events().filter_map(|(event, _)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.filter(|target| target.starts_with("../")).collect()
}

fn wrong_links(front_page: &Page, chapters: &[String], crates: &[String]) -> Vec<String> {
    let targets = links(front_page);
    let (to_chapters, to_crates): (Vec<_>, Vec<_>) =
        targets.iter().partition(|target| target.starts_with(TO_CHAPTER));
    let mut faults = Vec::new();
    // The table has the chapters of all crates.
    if to_chapters.is_empty() && !to_crates.iter().any(|target| *target == TO_TABLE) {
        faults.push("its front page leads to no chapter".to_owned());
    }
    if to_crates.is_empty() {
        faults.push("its front page leads to no sibling".to_owned());
    }
    for target in to_chapters {
        let file = target[TO_CHAPTER.len()..].replace(".html", ".md");
        if file != "index.md" && !chapters.contains(&file) {
            faults.push(format!("there is no chapter {target}"));
        }
    }
    for target in to_crates {
        let page = target.split('#').next().expect("a text has a first part");
        if !crates.iter().any(|name| page == format!("../{name}/index.html")) {
            faults.push(format!("there is no crate {target}"));
        }
    }
    faults
}

#[test]
fn a_front_page_that_leads_nowhere_is_seen() {
    let chapters = ["the-pool.md".to_owned()];
    let crates = ["flags_common", "flags_seq"].map(str::to_owned);
    let check = |page: &Page| wrong_links(page, &chapters, &crates);
    for right in [
        "[a](../../book/en/the-pool.html) [b](../flags_seq/index.html)",
        "[both](../flags_common/index.html#chapters)",
        "[4] [b]\n\n[4]: ../../book/en/index.html\n[b]: ../flags_seq/index.html",
    ] {
        assert_none(&check(&Page::of(right)));
    }
    assert_faults(
        check,
        &[
            ("[b](../flags_seq/index.html)", "leads to no chapter"),
            ("[a](../../book/en/the-pool.html)", "leads to no sibling"),
            (
                "[a](../../book/en/the-pol.html) [b](../flags_seq/index.html)",
                "no chapter ../../book/en/the-pol.html",
            ),
            (
                "[a](../../book/en/the-pool.html) [b](../flags_sec/index.html)",
                "no crate ../flags_sec/index.html",
            ),
        ],
    );
}
