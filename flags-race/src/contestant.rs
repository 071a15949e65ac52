//! Who takes part, and how each is told what to download.

use std::cmp::min;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use clap::ValueEnum;
use flags_common::countries;
use flags_server::FlagFile;

use crate::binaries::Binaries;

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

/// What a contestant is told.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) flags: usize,
    pub(crate) url: &'a str,
    pub(crate) destination: &'a Path,
    /// A file with the URL of each flag in a line of its own.
    pub(crate) list: &'a Path,
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
                command.args(["--timeout", "60s", "--limit", &task.flags.to_string()]);
                if task.flags > countries::MOST_POPULOUS.len() {
                    command.arg("--all");
                }
                let copies = task.flags.div_ceil(countries::ALL.len());
                if copies > 1 {
                    command.args(["--repeat", &copies.to_string()]);
                }
                if *style != Style::Seq {
                    let at_once = min(task.flags, MOST_AT_ONCE);
                    command.args(["--max-req", &at_once.to_string()]);
                }
                command
            }
            Entry::Other(template) => shell(&template.fill(task)),
        }
    }

    /// How many files prove that it has saved all flags. What other programs call a
    /// flag that they download again is theirs, and most of them replace the first one.
    pub(crate) fn files(&self, flags: usize) -> usize {
        match self.entry {
            Entry::Ours(_) => flags,
            Entry::Other(_) => min(flags, countries::ALL.len()),
        }
    }
}

/// The URLs of `number` flags, which are those that our programs download.
pub(crate) fn urls(base_url: &str, number: usize) -> Vec<String> {
    let codes = if number > countries::MOST_POPULOUS.len() {
        countries::ALL.to_vec()
    } else {
        countries::MOST_POPULOUS.to_vec()
    };
    let url = |(code, _)| format!("{base_url}/{}", FlagFile::Image(code));
    countries::in_turn(&codes, number).map(url).collect()
}

/// The command of another program, with places for what it has to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) String);

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
    /// What it is called in the table: the name of the program that it begins with.
    fn program(&self) -> String {
        let first = self.0.split_whitespace().next().unwrap_or_default();
        let first = first.trim_matches(['"', '\'']);
        let name = Path::new(first).file_stem().unwrap_or_default();
        name.to_string_lossy().chars().take(7).collect()
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
            let task = Task { flags, url: "http://site", destination, list };
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
    fn every_url_is_listed_as_often_as_its_flag_is_downloaded() {
        let urls = |number| urls("http://site/flags", number);
        assert_eq!(
            urls(2),
            ["bd/bd", "br/br"].map(|flag| format!("http://site/flags/{flag}.gif"))
        );
        assert_eq!(urls(20).last().unwrap(), "http://site/flags/vn/vn.gif");
        let all = urls(194);
        assert!(all[0].ends_with("/ad/ad.gif") && all[193].ends_with("/zw/zw.gif"));
        let more = urls(200);
        assert_eq!((more.len(), &more[194..]), (200, &all[..6]));
    }

    #[test]
    fn places_are_filled_with_one_word_each() {
        let task = Task {
            flags: 1,
            url: "http://127.0.0.1:4000/flags",
            destination: Path::new("/tmp/my flags"),
            list: Path::new("/tmp/urls"),
        };
        let line = template("get {url} -i {list} -d {dest} -o {dest}").fill(&task);
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
