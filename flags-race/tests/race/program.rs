//! Running the real race beside the programs that it needs.

use std::env::consts::EXE_SUFFIX;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) const RACE: &str = env!("CARGO_BIN_EXE_flags-race");

/// A race of very few flags against `seq`.
pub(crate) const SHORT: &str = "--styles seq --sizes 3 --rounds 1 --latency 1ms";

/// Much more than any race of these tests takes, for a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What a race has left behind.
pub(crate) struct Report {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` when a signal has ended it.
    pub(crate) status: Option<i32>,
}

/// The race as if it were started by hand: without cargo it takes the other programs as
/// they lie beside it.
pub(crate) fn race(words: &str) -> Command {
    for program in ["flags-server", "flags-seq", "flags-threadpool", "flags-async"] {
        assert!(
            beside_the_race(program).exists(),
            "{program} is missing; `cargo test --workspace` builds it as well, and so \
             does `cargo build -p {program}`"
        );
    }
    let mut race = Command::new(RACE);
    race.env_remove("CARGO").args(words.split(' '));
    race
}

/// The path of another program of the workspace.
pub(crate) fn beside_the_race(program: &str) -> PathBuf {
    Path::new(RACE).with_file_name(format!("{program}{EXE_SUFFIX}"))
}

/// Runs a race to its end.
pub(crate) fn run(race: &mut Command) -> Report {
    Running::start(race).end()
}

/// Runs a race to its end. Nobody reads its standard output.
pub(crate) fn run_unread(race: &mut Command) -> Report {
    let mut child = spawn(race);
    drop(child.stdout.take());
    Running::of(child).end()
}

fn spawn(race: &mut Command) -> Child {
    race.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    race.spawn().unwrap()
}

/// A race that goes on. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    started: Instant,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    pub(crate) fn start(race: &mut Command) -> Self {
        Self::of(spawn(race))
    }

    fn of(mut child: Child) -> Self {
        let stdout = child.stdout.take().map_or_else(|| all_of(io::empty()), all_of);
        let stderr = all_of(child.stderr.take().unwrap());
        Self { child, started: Instant::now(), stdout, stderr }
    }

    /// Waits until `condition` holds.
    #[cfg(unix)]
    pub(crate) fn wait_until(&mut self, condition: impl Fn() -> bool) {
        while !condition() {
            assert_eq!(self.child.try_wait().unwrap(), None, "the race has ended");
            self.pause();
        }
    }

    /// Sends it a signal, as Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn send(&self, signal: rustix::process::Signal) {
        use rustix::process::{Pid, kill_process};

        let number = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(number).unwrap(), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Report {
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status.code(),
                None => self.pause(),
            }
        };
        let text = |output: &Receiver<String>| output.recv_timeout(PATIENCE).unwrap();
        Report { stdout: text(&self.stdout), stderr: text(&self.stderr), status }
    }

    fn pause(&self) {
        assert!(self.started.elapsed() < PATIENCE, "the race goes on and on");
        thread::sleep(Duration::from_millis(2));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end on a thread of its own, so that it never becomes full.
fn all_of(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, text) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        // It fails when the test has given up, and nobody reads it any more.
        let _ = sender.send(text);
    });
    text
}

impl Report {
    /// The words of the row of a contestant in the first table.
    pub(crate) fn row(&self, name: &str) -> Vec<&str> {
        let table = &self.stdout[self.stdout.find(" median ").unwrap()..];
        let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        rows.into_iter().find(|words| words.first() == Some(&name)).unwrap()
    }
}
