//! What turns the chapters of the course into pages: fenced blocks that name code, output
//! or pictures of this workspace become that code, output or picture, so that the text
//! cannot drift from what it speaks of. What is not there is an error, and no book.
//!
//! `book/WRITING.md` tells how a chapter is written.
//!
//! [The course](../../book/en/index.html) itself, and
//! [the crates that it reads](../flags_common/index.html#chapters).

use std::fs;
use std::path::{Path, PathBuf};

pub mod blocks;
pub mod editions;
mod exercises;
mod items;
mod listing;
mod output;
mod page;
mod picture;
mod side_by_side;

pub use listing::NUMBERS;
pub use page::Chapter;

/// The folder of the workspace, in which all paths of the book begin.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file of the workspace.
fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}
