//! The preprocessor that `book.toml` names: mdBook sends it a book, and it sends the book
//! back with its blocks filled.
//!
//! ```text
//! $ mdbook build book/en
//! $ cargo run -p flags-book -- read one-after-another.md
//! ```
//!
//! The second command notes in both editions of a chapter that somebody has read them
//! beside each other, after a change of either.

use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use flags_book::editions::{LANGUAGES, mark, other, without_mark};
use flags_book::{Chapter, root};
use serde_json::Value;

const USAGE: &str = "\
Fills the blocks of the course; mdBook starts it (mdbook build book/en).

Usage: flags-book                    read a book of mdBook as JSON, and write it filled
       flags-book read CHAPTER.md…   note that both editions have been read side by side
       flags-book supports RENDERER  tell mdBook that any renderer will do
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["supports", _] => Ok(()),
        ["-h" | "--help"] => write(USAGE),
        ["read", ref chapters @ ..] if !chapters.is_empty() => {
            chapters.iter().try_for_each(|chapter| note_as_read(chapter))
        }
        [] if !io::stdin().is_terminal() => fill_book(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(text: &str) -> Result<(), String> {
    let written = io::stdout().write_all(text.as_bytes());
    written.map_err(|error| format!("cannot write to standard output: {error}"))
}

/// mdBook sends a pair, of what it was told to do and of the book.
fn fill_book() -> Result<(), String> {
    let (context, mut book): (Value, Value) = serde_json::from_reader(io::stdin())
        .map_err(|error| format!("this is no book of mdBook 0.5: {error}"))?;
    let language = context["config"]["book"]["language"].as_str().unwrap_or("en");
    let mut wrong = Vec::new();
    fill_chapters(&mut book["items"], language, &mut wrong);
    if !wrong.is_empty() {
        return Err(format!(
            "the book has blocks that cannot be filled\n{}",
            wrong.join("\n")
        ));
    }
    write(&book.to_string())
}

fn fill_chapters(items: &mut Value, language: &str, wrong: &mut Vec<String>) {
    for item in items.as_array_mut().into_iter().flatten() {
        let Some(chapter) = item.get_mut("Chapter") else { continue };
        let filled = Chapter {
            language,
            file: chapter["source_path"].as_str().unwrap_or_default(),
            is_numbered: is_numbered(chapter),
            text: chapter["content"].as_str().unwrap_or_default(),
        }
        .fill();
        match filled {
            Ok(filled) => chapter["content"] = filled.into(),
            Err(error) => wrong.push(error),
        }
        fill_chapters(&mut chapter["sub_items"], language, wrong);
    }
}

/// mdBook counts from 1, so that the chapter before has its number in its name.
fn is_numbered(chapter: &Value) -> bool {
    let name = chapter["name"].as_str().unwrap_or_default();
    chapter["number"].is_array() || name.starts_with("0. ")
}

/// Writes into both editions of a chapter the fingerprint of the other.
fn note_as_read(chapter: &str) -> Result<(), String> {
    let path = |language: &str| format!("book/{language}/src/{chapter}");
    let read = |language: &str| {
        let path = path(language);
        fs::read_to_string(root().join(&path)).map_err(|error| format!("{path}: {error}"))
    };
    let editions = [read(LANGUAGES[0])?, read(LANGUAGES[1])?];
    for (language, text) in LANGUAGES.iter().zip(&editions) {
        let beside = if *language == LANGUAGES[0] { &editions[1] } else { &editions[0] };
        let marked =
            format!("{}\n\n{}\n", without_mark(text), mark(other(language), beside));
        let path = path(language);
        fs::write(root().join(&path), marked)
            .map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}
