//! Every call-out is explained, and every explanation has its call-out.

use std::mem;

use flags_book::NUMBERS;
use flags_book::blocks::{Block, Part, parts};
use flags_book::editions::without_mark;

use crate::edition::Page;
use crate::{assert_faults, assert_none, check_each_page};

#[test]
fn every_call_out_is_explained_and_every_explanation_has_one() {
    check_each_page(unexplained);
}

/// The explanations follow their listing, in the same section and before the next
/// listing, as items of a list that begin with the numbers in their order. Numbers that
/// code or an output has of its own need no explanation, and may have one.
fn unexplained(page: &Page) -> Vec<String> {
    // What is no block is told where the blocks are filled.
    let Ok(parts) = parts(without_mark(&page.text)) else { return Vec::new() };
    let mut faults = Vec::new();
    let mut missing: Vec<(usize, char)> = Vec::new();
    let mut others = String::new();
    let mut line = 1;
    for part in &parts {
        let is_listing = matches!(part, Part::Block(block) if block.kind == "listing");
        let is_heading = matches!(part, Part::Line(text) if text.starts_with('#'));
        if is_listing || is_heading {
            let left = mem::take(&mut missing).into_iter();
            faults.extend(left.map(|(line, number)| {
                page.fault(line, &format!("nothing explains {number}"))
            }));
        }
        if is_heading {
            others.clear();
        }
        match part {
            Part::Block(block) => {
                if is_listing {
                    let numbers = block.body.iter().filter_map(|line| number(line));
                    missing = numbers.map(|number| (block.line, number)).collect();
                }
                if missing.is_empty() {
                    others += &filled(page, block);
                }
                line += block.body.len() + 2;
                continue;
            }
            Part::Line(text) => {
                if let Some(number) = text.strip_prefix("- ").and_then(number) {
                    if text.trim_end().ends_with(number) {
                        faults.push(page.fault(line, &format!("{number} says nothing")));
                    }
                    if missing.first().is_some_and(|(_, next)| *next == number) {
                        missing.remove(0);
                    } else if !others.contains(number) {
                        let what =
                            format!("no call-out {number} is to be explained here");
                        faults.push(page.fault(line, &what));
                    }
                }
            }
        }
        line += 1;
    }
    faults.extend(
        missing.iter().map(|(line, number)| {
            page.fault(*line, &format!("nothing explains {number}"))
        }),
    );
    faults
}

fn number(text: &str) -> Option<char> {
    text.chars().next().filter(|first| NUMBERS.contains(first))
}

/// What a single block becomes.
fn filled(page: &Page, block: &Block) -> String {
    let text = format!("```{}\n{}\n```\n", block.kind, block.body.join("\n"));
    let page = Page { text, language: page.language.clone(), ..Page::of("") };
    page.fill().unwrap_or_default()
}

const LISTING: &str =
    "```listing\nflags-seq/src/main.rs: main\n❶ fn main\n❷ main(d\n```\n";

#[test]
fn a_call_out_without_explanation_is_seen_and_the_other_way_round() {
    let with = |rest: &str| format!("# A\n\n{LISTING}\n{rest}");
    assert_none(&unexplained(&Page::of(&with("- ❶ One.\n- ❷ Two.\n"))));
    let texts = [
        (with("- ❶ One.\n"), "sample.md:3: nothing explains ❷"),
        (with("- ❶ One.\n\n## B\n\nText.\n"), "sample.md:3: nothing explains ❷"),
        (with("- ❶ One.\n- ❷ Two.\n- ❸ Three.\n"), "sample.md:11: no call-out ❸"),
        (with("- ❶ One.\n- ❷\n"), "sample.md:10: ❷ says nothing"),
        ("# A\n\n- ❶ One.\n".to_owned(), "sample.md:3: no call-out ❶"),
    ];
    let texts: Vec<_> = texts.iter().map(|(text, fault)| (&**text, *fault)).collect();
    assert_faults(unexplained, &texts);
    // Out of order is wrong twice, and so is an explanation in another section.
    assert_eq!(unexplained(&Page::of(&with("- ❷ Two.\n- ❶ One.\n"))).len(), 2);
    assert_eq!(unexplained(&Page::of(&with("- ❶ One.\n\n## B\n\n- ❷ Two.\n"))).len(), 2);
}
