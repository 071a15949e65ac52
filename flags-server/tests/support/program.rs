//! The program, as its user starts and reads it.

use std::io::{BufRead, BufReader, Read};
use std::iter;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Far more than anything takes here, so that what is broken is a failed test and not
/// one that never ends.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A running server. It is killed when this is dropped, so that none outlives its test.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) stdout: Receiver<String>,
    pub(crate) stderr: Receiver<String>,
    /// The first line on stdout; empty where the program could not start.
    pub(crate) url: String,
}

impl Program {
    pub(crate) fn start(arguments: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_flags-server"));
        Self::spawn(program.args(arguments.split(' ')))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        let mut program = Self { child, stdout, stderr, url: String::new() };
        program.url = next(&program.stdout).unwrap_or_default();
        program
    }

    /// Reads stderr up to a line that contains `text`, and returns that line.
    pub(crate) fn stderr_line_with(&self, text: &str) -> String {
        line_with(text, &self.stderr)
    }

    /// Waits for the end; fails where it does not come.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < LIMIT, "it does not stop");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It fails only where the program has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe, read by a thread, since to read itself knows no time limit.
pub(crate) fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    let mut pipe = BufReader::new(pipe).lines();
    thread::spawn(move || pipe.try_for_each(|line| sender.send(line.unwrap())));
    lines
}

/// Reads up to a line that contains `text`, and returns that line.
pub(crate) fn line_with(text: &str, lines: &Receiver<String>) -> String {
    let mut lines = iter::from_fn(|| next(lines));
    lines.find(|line| line.contains(text)).expect("the line is there before the end")
}

/// All lines up to the end.
pub(crate) fn rest(lines: &Receiver<String>) -> Vec<String> {
    iter::from_fn(|| next(lines)).collect()
}

/// The next line; `None` at the end.
fn next(lines: &Receiver<String>) -> Option<String> {
    match lines.recv_timeout(LIMIT) {
        Ok(line) => Some(line),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => panic!("it says nothing"),
    }
}
