//! Running the real program in a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use super::PROGRAM;
use super::limit::Limit;

/// A program about to be run, and the folder it runs in.
pub(crate) struct Program {
    pub command: Command,
    pub folder: TempDir,
}

/// What a program has left behind.
pub(crate) struct Report {
    pub stdout: String,
    pub stderr: String,
    /// `None` when a signal has ended it.
    pub status: Option<i32>,
}

impl Program {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(arguments);
        Self::from_command(command)
    }

    /// The program run by way of a shell, which sets a limit for it first.
    #[cfg(unix)]
    pub(crate) fn limited(limit: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("{limit}; exec \"$0\" \"$@\"");
        command.arg("-c").arg(script).arg(PROGRAM).args(arguments);
        Self::from_command(command)
    }

    fn from_command(mut command: Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        command.current_dir(folder.path()).stdin(Stdio::null());
        for variable in ["FLAGS_SERVER", "FLAGS_NAME"] {
            command.env_remove(variable);
        }
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(variable).env_remove(variable.to_lowercase());
        }
        Self { command, folder }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn run(&mut self) -> Report {
        let _limit = Limit::start();
        Report::from(self.command.output().unwrap())
    }

    pub(crate) fn start(&mut self) -> Child {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) fn destination(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// The names of all files in the destination, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let Ok(entries) = fs::read_dir(self.destination()) else {
            return Vec::new();
        };
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// The number of flags in the archive `run.har`.
    pub(crate) fn archived(&self) -> usize {
        let archive = fs::read_to_string(self.folder.path().join("run.har")).unwrap();
        assert!(archive.ends_with("}\n"), "the archive is whole");
        archive.matches("\"startedDateTime\"").count()
    }

    /// Asserts that every file in the destination is a whole flag.
    pub(crate) fn assert_files_are_whole(&self) {
        for name in self.files() {
            let code = name.strip_suffix(".gif").unwrap_or_default();
            assert!(code.len() == 2, "left behind: {name}");
            let image = fs::read(self.destination().join(&name)).unwrap();
            assert!(image.starts_with(b"GIF89a"), "{name}");
            assert!(image.len() == 2500, "{name} has {} bytes", image.len());
        }
    }
}

impl From<Child> for Report {
    /// What a program will have left behind when it has ended.
    fn from(child: Child) -> Self {
        let _limit = Limit::start();
        Self::from(child.wait_with_output().unwrap())
    }
}

impl From<Output> for Report {
    fn from(output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code(),
        }
    }
}

impl Report {
    /// The line on standard error that begins with `code`.
    pub(crate) fn error_of(&self, code: &str) -> &str {
        let begins = |line: &&str| line.split(' ').next() == Some(code);
        self.stderr.lines().find(begins).unwrap_or_else(|| {
            panic!("nothing is said of {code}:\n{}", self.stderr);
        })
    }

    /// The line on standard output that begins with these words.
    pub(crate) fn line_of(&self, begin: &str) -> &str {
        let line = self.stdout.lines().find(|line| line.starts_with(begin));
        line.unwrap_or_else(|| panic!("nothing is said of {begin}:\n{}", self.stdout))
    }

    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// Asserts that a message is in words, and not in those of a library.
pub(crate) fn assert_no_name_of_a_library(text: &str) {
    for name in
        ["hyper", "reqwest", "ureq", "rustls", "httparse", "Error(", "Kind", "io:"]
    {
        assert!(!text.contains(name), "{name}: {text}");
    }
}
