//! What keeps the two editions of the course, its pages and the code together. It needs
//! no mdBook. Every check is a function that returns what is wrong, so that it is tested
//! on a small text that is wrong as well as on the book.

mod by_hand;
mod call_outs;
mod command;
mod commands;
mod dependencies;
mod documentation;
mod edition;
mod editions;
mod links;
mod markup;
mod plan;
mod used;
mod words;

use self::edition::{Edition, Page};

/// Fails when there is something wrong, and says all of it.
#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Does a check on each page of both editions of the book.
#[track_caller]
fn check_each_page(check: impl Fn(&Page) -> Vec<String>) {
    let editions = Edition::both();
    let pages = editions.iter().flat_map(|edition| &edition.pages);
    assert_none(&pages.flat_map(check).collect::<Vec<_>>());
}

/// Fails unless each text, as a page of its own, has exactly this fault.
#[track_caller]
fn assert_faults(check: impl Fn(&Page) -> Vec<String>, texts: &[(&str, &str)]) {
    for (text, fault) in texts {
        let faults = check(&Page::of(text));
        let [found] = &faults[..] else { panic!("{faults:?} in\n{text}") };
        assert!(found.contains(fault), "{found}, and not {fault}, in\n{text}");
    }
}
