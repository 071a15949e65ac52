//! Every output and every picture that is kept is shown by some page.

use std::collections::BTreeSet;
use std::fs;

use flags_book::blocks::{Part, parts};

use crate::assert_none;
use crate::edition::{Edition, Page};

#[test]
fn every_output_and_every_picture_is_shown() {
    let mut kept = Vec::new();
    for folder in ["outputs", "pictures"] {
        let path = flags_book::root().join("book").join(folder);
        // Git keeps no empty folder, so there may be none.
        let entries =
            fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.path().is_file());
        // Beside the pictures are the scripts that have drawn some of them.
        let files =
            files.filter(|file| file.path().extension().is_none_or(|kind| kind != "py"));
        kept.extend(
            files.map(|file| format!("{folder}/{}", file.file_name().to_string_lossy())),
        );
    }
    let editions = Edition::both();
    let pages: Vec<&Page> = editions.iter().flat_map(|edition| &edition.pages).collect();
    assert_none(&unused(&kept, &pages));
}

fn unused(kept: &[String], pages: &[&Page]) -> Vec<String> {
    let mut shown = BTreeSet::new();
    for page in pages {
        for part in parts(&page.text).unwrap_or_default() {
            let Part::Block(block) = part else { continue };
            let Some(first) = block.body.first() else { continue };
            match block.kind {
                "output" => {
                    let name = first.split(':').next().unwrap_or_default();
                    shown.insert(format!("outputs/{name}"));
                }
                "picture" => {
                    shown.insert((*first).to_owned());
                }
                _ => {}
            }
        }
    }
    // The output of a command that draws a picture is shown where its picture is.
    let is_unused = |file: &&String| {
        !shown.contains(*file) && !shown.contains(&file.replace(".txt", ".svg"))
    };
    kept.iter()
        .filter(is_unused)
        .map(|file| format!("no page shows book/{file}"))
        .collect()
}

#[test]
fn a_file_that_no_page_shows_is_seen() {
    let page =
        Page::of("```output\na.txt: 1-2\n```\n\n```picture\noutputs/b.svg\nB\n```\n");
    let kept = ["outputs/a.txt", "outputs/b.svg", "outputs/b.txt", "outputs/c.txt"];
    let unused = unused(&kept.map(str::to_owned), &[&page]);
    assert_eq!(unused, ["no page shows book/outputs/c.txt"]);
}
