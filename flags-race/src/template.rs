//! The command of another program, with places for what it has to be told.

use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use crate::task::Task;

/// The command of another program: `curl {url}/br/br.gif -o {dest}/br`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(String);

impl FromStr for Template {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.contains("{dest}") {
            return Err(
                "{dest} is needed, the folder that the flags have to be saved in",
            );
        }
        if !text.contains("{url}") && !text.contains("{list}") {
            return Err("{url} is needed, the address of the site, or {list}, \
                        a file with the URL of each flag in a line");
        }
        Ok(Self(text.to_owned()))
    }
}

impl Template {
    /// The command as it was given.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The name of the program that it begins with.
    pub(crate) fn program(&self) -> String {
        let first = self.0.split_whitespace().next().unwrap_or_default();
        let first = first.trim_matches(['"', '\'']);
        let name = Path::new(first).file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The command that does `task`, by the shell of the system.
    pub(crate) fn command(&self, task: &Task) -> Command {
        shell(&self.fill(task))
    }

    fn fill(&self, task: &Task) -> String {
        self.0
            .replace("{url}", &quoted(task.url))
            .replace("{dest}", &quoted(&task.destination.to_string_lossy()))
            .replace("{list}", &quoted(&task.list.to_string_lossy()))
    }
}

/// `text` as one word for the shell. It is left as it is where that is possible, so that
/// it does no harm to write quotes around it in the command as well.
fn quoted(text: &str) -> String {
    // To the shell of Unix a backslash means something, to that of Windows a folder.
    let harmless = if cfg!(windows) { r"/:._-\" } else { "/:._-" };
    if text.chars().all(|letter| letter.is_alphanumeric() || harmless.contains(letter)) {
        text.to_owned()
    } else if cfg!(windows) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;

    // With /S, cmd takes away the outer quotes and leaves what is between them alone.
    let mut command = Command::new("cmd");
    command.args(["/S", "/C"]).raw_arg(format!("\"{line}\""));
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Selection;

    #[test]
    fn places_are_filled_with_one_word_each() {
        let task = Task {
            selection: &Selection::of(1),
            url: "http://127.0.0.1:4000/flags",
            destination: Path::new("/tmp/my flags"),
            list: Path::new("/tmp/urls"),
        };
        let template: Template =
            "get {url} -i {list} -d {dest} -o {dest}".parse().unwrap();
        let line = template.fill(&task);
        let quote = if cfg!(windows) { '"' } else { '\'' };
        let folder = format!("{quote}/tmp/my flags{quote}");
        let expected = format!(
            "get http://127.0.0.1:4000/flags -i /tmp/urls -d {folder} -o {folder}"
        );
        assert_eq!(line, expected);
    }

    #[cfg(unix)]
    #[test]
    fn quotes_are_quoted() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("$HOME"), "'$HOME'");
        assert_eq!(quoted(r"a\b"), r"'a\b'");
    }
}
