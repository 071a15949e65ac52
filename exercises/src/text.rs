//! What is said about an exercise: its title, its task and its hints.
//!
//! The English title and task stand at the top of the exercise itself, where they are
//! read while it is solved. The Korean ones, and the hints in both languages, are files
//! in `exercises/texts`.

use std::io;

use crate::files::{folder, given, read};
use crate::sentence::Language;

/// What is said about an exercise in one language. All but the title is Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What it is about, in a few words.
    pub title: String,
    /// What is wrong, and what should be seen.
    pub task: String,
    /// From a nudge to nearly the answer.
    pub hints: [String; 3],
}

impl Text {
    /// Reads what is said about the exercise `name`.
    ///
    /// # Errors
    ///
    /// When one of its files is not there, or has not the form that it should have.
    pub fn read(name: &str, language: Language) -> io::Result<Self> {
        let path =
            folder().join("texts").join(language.folder()).join(format!("{name}.md"));
        let text = read(&path)?;
        let mut parts = text.split("\n## ").map(|part| part.trim_start_matches("## "));
        let beginning = match language {
            Language::English => task_in(&read(&given(name))?),
            // Where there is none, the text begins with a hint.
            Language::Korean => parts.next().unwrap_or_default().to_owned(),
        };
        let form = || {
            let path = path.display();
            io::Error::other(format!("{path} needs a title, a task and three hints"))
        };
        let (title, task) = beginning.split_once('\n').ok_or_else(form)?;
        // The headings of the hints are for who reads the file.
        let hints = parts.map(|hint| hint.split_once('\n').map(|(_, hint)| hint.trim()));
        let hints: Vec<String> = hints
            .map(|hint| hint.map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(form)?;
        Ok(Self {
            title: title.trim_start_matches("# ").trim_end_matches('.').to_owned(),
            task: task.trim().to_owned(),
            hints: hints.try_into().map_err(|_| form())?,
        })
    }
}

/// The comment at the top of an exercise, up to what the check says of it as it is given.
fn task_in(exercise: &str) -> String {
    let lines = first_comment(exercise).take_while(|line| !line.starts_with(NOW));
    lines.collect::<Vec<_>>().join("\n")
}

/// The lines of the comment at the top of a program, without its marks.
fn first_comment(program: &str) -> impl Iterator<Item = &str> {
    let lines = program.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line))
}

/// What the check says of a program whose first comment has a paragraph that begins with
/// `mark`.
#[must_use]
pub fn expected(program: &str, mark: &str) -> Option<String> {
    let mut lines = first_comment(program).skip_while(|line| !line.starts_with(mark));
    let first = lines.next()?.strip_prefix(mark)?.trim();
    let rest = lines.take_while(|line| !line.is_empty());
    let lines: Vec<&str> = [first].into_iter().chain(rest).collect();
    Some(lines.join(" "))
}

/// Begins the paragraph of an exercise with what the check says of it as it is given.
pub const NOW: &str = "Now:";

/// Begins the paragraph of a wrong solution with what the check says of it.
pub const TOLD: &str = "Told:";
