//! Who takes part, and how each is told what to download.

use std::cmp::min;
use std::process::Command;

use clap::ValueEnum;

use crate::binaries::Binaries;
use crate::task::{Selection, Task};
use crate::template::Template;

/// The most requests that are sent at once, which is as many as all programs here allow.
const MOST_AT_ONCE: usize = 1000;

/// The three ways to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// flags-seq: one after another
    Seq,
    /// flags-threadpool: a pool of threads
    Pool,
    /// flags-async: one thread and an event loop
    Async,
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
    Ours(Style),
    /// Any other, by the command that runs it.
    Other(Template),
}

impl Contestant {
    /// All that take part, each under a name of its own.
    pub(crate) fn all(styles: &[Style], others: &[Template]) -> Vec<Self> {
        let ours =
            styles.iter().map(|&style| (style.name().to_owned(), Entry::Ours(style)));
        let others = others
            .iter()
            .map(|template| (template.program(), Entry::Other(template.clone())));
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
        self.entry == Entry::Ours(Style::Seq)
    }

    /// The command that does `task`.
    pub(crate) fn command(&self, binaries: &Binaries, task: &Task) -> Command {
        match &self.entry {
            Entry::Ours(style) => {
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
                    let at_once = min(flags, MOST_AT_ONCE);
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

    fn template(command: &str) -> Template {
        command.parse().unwrap()
    }

    #[test]
    fn each_has_a_name_of_its_own() {
        let commands =
            ["curl {url} {dest}", "'/usr/bin/curl' {list} {dest}", "seq {url} {dest}"];
        let others = commands.map(template);
        let names = Contestant::all(&[Style::Seq, Style::Pool], &others);
        let names: Vec<String> = names.into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["seq", "pool", "curl", "curl-2", "seq-2"]);
    }

    #[test]
    fn all_download_the_same_and_all_but_one_do_so_at_once() {
        let words = |style, flags| {
            let binaries = Binaries { folder: "bin".into() };
            let [destination, list] = ["to", "list"].map(Path::new);
            let selection = &Selection::of(flags);
            let task = Task { selection, url: "http://site", destination, list };
            let [contestant] = &Contestant::all(&[style], &[])[..] else { panic!("one") };
            let command = contestant.command(&binaries, &task);
            let words = command.get_args().map(|word| word.to_str().unwrap());
            words.collect::<Vec<_>>().join(" ")
        };
        let all = "--server http://site --dest to --timeout 60s --limit";
        assert_eq!(words(Style::Seq, 20), format!("{all} 20"));
        assert_eq!(words(Style::Pool, 20), format!("{all} 20 --max-req 20"));
        assert_eq!(words(Style::Seq, 600), format!("{all} 600 --all --repeat 4"));
        let expected = format!("{all} 600 --all --repeat 4 --max-req 600");
        assert_eq!(words(Style::Async, 600), expected);
        let expected = format!("{all} 2000 --all --repeat 11 --max-req 1000");
        assert_eq!(words(Style::Pool, 2000), expected);
    }
    #[test]
    fn other_programs_may_replace_the_flags_that_they_download_again() {
        let other = template("curl {url} {dest}");
        let contestants = Contestant::all(&[Style::Async], &[other]);
        let files = |flags| {
            let selection = Selection::of(flags);
            [0, 1].map(|number: usize| contestants[number].files(&selection))
        };
        assert_eq!([20, 194, 600].map(files), [[20, 20], [194, 194], [600, 194]]);
    }
}
