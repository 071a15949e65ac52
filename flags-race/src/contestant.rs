//! Who takes part, and how each is told what to download.

use std::cmp::min;
use std::process::Command;
use std::str::FromStr;

use crate::binaries::Binaries;
use crate::task::{Selection, Task};
use crate::template::Template;

/// The most requests that are sent at once. A pool needs as many threads for them.
const MOST_AT_ONCE: usize = 1000;

/// The three ways to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `flags-seq`: one after another.
    Seq,
    /// `flags-threadpool`: a pool of threads.
    Pool,
    /// `flags-async`: one thread and an event loop.
    Async,
}

/// A program of this workspace, as it takes part: `seq`, `pool`, `pool:5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ours {
    pub(crate) style: Style,
    /// How many flags it may ask for at once, unless that is as many as it can.
    pub(crate) at_once: Option<usize>,
}

impl From<Style> for Ours {
    fn from(style: Style) -> Self {
        Self { style, at_once: None }
    }
}

impl FromStr for Ours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, at_once) = match text.split_once(':') {
            Some((name, at_once)) => (name, Some(at_once)),
            None => (text, None),
        };
        let styles = [Style::Seq, Style::Pool, Style::Async];
        let style = styles.into_iter().find(|style| style.name() == name);
        let allowed = "it takes seq, pool, async, or pool:5 for five at once";
        let style = style.ok_or(allowed)?;
        let at_once = at_once.map(|number| match number.parse() {
            Ok(number) if style != Style::Seq && (1..=MOST_AT_ONCE).contains(&number) => {
                Ok(number)
            }
            Ok(_) if style == Style::Seq => Err("seq asks for one flag at a time".into()),
            _ => Err(format!("{name} takes a number from 1 to {MOST_AT_ONCE} at once")),
        });
        Ok(Self { style, at_once: at_once.transpose()? })
    }
}

impl Ours {
    /// What it is called in the table.
    fn name(self) -> String {
        let name = self.style.name();
        self.at_once.map_or_else(|| name.to_owned(), |number| format!("{name}:{number}"))
    }
}

impl Style {
    fn program(self) -> &'static str {
        match self {
            Self::Seq => "flags-seq",
            Self::Pool => "flags-threadpool",
            Self::Async => "flags-async",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Seq => "seq",
            Self::Pool => "pool",
            Self::Async => "async",
        }
    }
}

/// One that takes part in the race.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contestant {
    pub(crate) name: String,
    pub(crate) entry: Entry,
}

/// What a contestant is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A program of this workspace.
    Ours(Ours),
    /// Any other, by the command that runs it.
    Other(Template),
}

impl Contestant {
    /// All that take part, each under a name of its own.
    pub(crate) fn all(ours: &[Ours], others: &[Template]) -> Vec<Self> {
        let ours = ours.iter().map(|&ours| (ours.name(), Entry::Ours(ours)));
        let others = others.iter().map(|template| {
            // As much of it as the table has room for.
            let name = template.program().chars().take(7).collect();
            (name, Entry::Other(template.clone()))
        });
        let mut contestants: Vec<Self> = Vec::new();
        for (name, entry) in ours.chain(others) {
            let is_taken =
                |name: &str| contestants.iter().any(|other| other.name == name);
            let numbered = (2..).map(|number| format!("{name}-{number}"));
            let mut names = [name.clone()].into_iter().chain(numbered);
            let name = names.find(|name| !is_taken(name)).expect("numbers do not end");
            contestants.push(Self { name, entry });
        }
        contestants
    }

    /// Whether it is the one that the others are compared with.
    pub(crate) fn is_sequential(&self) -> bool {
        self.style() == Some(Style::Seq)
    }

    /// How many flags it asks for at once at most, if that is known and not all.
    pub(crate) fn at_once(&self) -> Option<usize> {
        match &self.entry {
            Entry::Ours(Ours { style: Style::Seq, .. }) => Some(1),
            Entry::Ours(ours) => ours.at_once,
            Entry::Other(_) => None,
        }
    }

    /// How it waits; `None` for other programs.
    pub(crate) fn style(&self) -> Option<Style> {
        match self.entry {
            Entry::Ours(ours) => Some(ours.style),
            Entry::Other(_) => None,
        }
    }

    /// What it is called where there is room: `flags-threadpool -m 5`.
    pub(crate) fn title(&self) -> String {
        match self.entry {
            Entry::Ours(Ours { style, at_once: Some(number) }) => {
                format!("{} -m {number}", style.program())
            }
            Entry::Ours(ours) => ours.style.program().to_owned(),
            Entry::Other(ref template) => template.program(),
        }
    }

    /// How it waits in words, or else the command that runs it.
    pub(crate) fn way(&self) -> String {
        match &self.entry {
            Entry::Ours(Ours { style: Style::Seq, .. }) => "one after another".to_owned(),
            Entry::Ours(Ours { style: Style::Pool, .. }) => {
                "each thread waits for one flag".to_owned()
            }
            Entry::Ours(Ours { style: Style::Async, .. }) => {
                "one thread does all the waiting".to_owned()
            }
            Entry::Other(template) => template.text().to_owned(),
        }
    }

    /// The command that does `task`.
    pub(crate) fn command(&self, binaries: &Binaries, task: &Task) -> Command {
        match &self.entry {
            Entry::Ours(Ours { style, at_once }) => {
                let mut command = Command::new(binaries.path(style.program()));
                command.args(["--server", task.url, "--dest"]).arg(task.destination);
                // The site may be slow on purpose, and to give up is not to be faster.
                let flags = task.selection.flags();
                command.args(["--timeout", "60s", "--limit", &flags.to_string()]);
                if task.selection.is_all() {
                    command.arg("--all");
                }
                let copies = task.selection.copies();
                if copies > 1 {
                    command.args(["--repeat", &copies.to_string()]);
                }
                if *style != Style::Seq {
                    let at_once = at_once.unwrap_or(min(flags, MOST_AT_ONCE));
                    command.args(["--max-req", &at_once.to_string()]);
                }
                command
            }
            Entry::Other(template) => template.command(task),
        }
    }

    /// How many files prove that it has saved all flags. What other programs call a
    /// flag that they download again is theirs, and most of them replace the first one.
    pub(crate) fn files(&self, selection: &Selection) -> usize {
        match self.entry {
            Entry::Ours(_) => selection.flags(),
            Entry::Other(_) => selection.different(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn ours(text: &str) -> Ours {
        text.parse().unwrap()
    }

    fn template(command: &str) -> Template {
        command.parse().unwrap()
    }

    #[test]
    fn each_has_a_name_of_its_own() {
        let commands =
            ["curl {url} {dest}", "'/usr/bin/curl' {list} {dest}", "seq {url} {dest}"];
        let others = commands.map(template);
        let ours = ["seq", "pool", "pool:5"].map(ours);
        let names = Contestant::all(&ours, &others);
        let names: Vec<String> = names.into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["seq", "pool", "pool:5", "curl", "curl-2", "seq-2"]);
    }

    #[test]
    fn all_download_the_same_and_all_but_one_do_so_at_once() {
        let words = |style: &str, flags| {
            let binaries = Binaries { folder: "bin".into() };
            let [destination, list] = ["to", "list"].map(Path::new);
            let selection = &Selection::of(flags);
            let task = Task { selection, url: "http://site", destination, list };
            let [contestant] = &Contestant::all(&[ours(style)], &[])[..] else {
                panic!("one")
            };
            let command = contestant.command(&binaries, &task);
            let words = command.get_args().map(|word| word.to_str().unwrap());
            words.collect::<Vec<_>>().join(" ")
        };
        let all = "--server http://site --dest to --timeout 60s --limit";
        assert_eq!(words("seq", 20), format!("{all} 20"));
        assert_eq!(words("pool", 20), format!("{all} 20 --max-req 20"));
        assert_eq!(words("seq", 600), format!("{all} 600 --all --repeat 4"));
        let expected = format!("{all} 600 --all --repeat 4 --max-req 600");
        assert_eq!(words("async", 600), expected);
        let expected = format!("{all} 2000 --all --repeat 11 --max-req 1000");
        assert_eq!(words("pool", 2000), expected);
        assert_eq!(words("pool:5", 20), format!("{all} 20 --max-req 5"));
    }

    #[test]
    fn other_programs_may_replace_the_flags_that_they_download_again() {
        let other = template("curl {url} {dest}");
        let contestants = Contestant::all(&[Style::Async.into()], &[other]);
        let files = |flags| {
            let selection = Selection::of(flags);
            [0, 1].map(|number: usize| contestants[number].files(&selection))
        };
        assert_eq!([20, 194, 600].map(files), [[20, 20], [194, 194], [600, 194]]);
    }
}
