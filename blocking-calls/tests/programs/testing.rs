//! Running the four programs, and waiting for them, but not without an end.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

pub(crate) const LADDER: &str = env!("CARGO_BIN_EXE_blocking-calls");
pub(crate) const THREADS_VS_TASKS: &str = env!("CARGO_BIN_EXE_threads-vs-tasks");
pub(crate) const BLOCKED_LOOP: &str = env!("CARGO_BIN_EXE_blocked-loop");
pub(crate) const CPU_BOUND: &str = env!("CARGO_BIN_EXE_cpu-bound");

/// How long a test waits for anything at most: far longer than it takes on any machine,
/// so that only what never comes runs into it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(600);

/// A program that is running. It is killed when the test that has started it gives up.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: Option<BufReader<ChildStdout>>,
    stderr: Receiver<String>,
}

/// What a program has left behind.
pub(crate) struct Report {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) end: ExitStatus,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().map(BufReader::new);
        let stderr = child.stderr.take().unwrap();
        Self { child, stdout, stderr: on_a_thread(move || text(stderr)) }
    }

    /// Waits for a line on standard output that begins with `beginning`.
    pub(crate) fn read_until(&mut self, beginning: &'static str) {
        let mut stdout = self.stdout.take().expect("it is read to its end only at last");
        let read = on_a_thread(move || {
            let mut line = String::new();
            while !line.starts_with(beginning) {
                line.clear();
                assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "no {beginning}");
            }
            stdout
        });
        self.stdout = Some(in_time(&read));
    }

    /// Leaves as `head` does: whatever else the program writes, nobody reads it.
    pub(crate) fn stop_reading(&mut self) {
        self.stdout = None;
    }

    /// What there is when the program has ended, without what has been read before.
    pub(crate) fn end(mut self) -> Report {
        let stdout = match self.stdout.take() {
            Some(stdout) => in_time(&on_a_thread(move || text(stdout))),
            None => String::new(),
        };
        // At the end of what it writes a program is about to end.
        let stderr = in_time(&self.stderr);
        Report { stdout, stderr, end: self.child.wait().unwrap() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After its end there is nothing to kill, which is an error only on some systems.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Report {
    /// The exit status; `None` when a signal has ended the program.
    pub(crate) fn status(&self) -> Option<i32> {
        self.end.code()
    }
}

/// A program in a folder of the build, which is on a disk more often than other folders.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

pub(crate) fn run(mut command: Command) -> Report {
    Running::start(&mut command).end()
}

/// Runs a program for each folder, side by side, because most of the time it waits.
pub(crate) fn run_in_each(
    folders: &[PathBuf],
    command: impl Fn(&str) -> Command,
) -> impl Iterator<Item = (&str, Report)> {
    let names = folders.iter().map(|folder| folder.to_str().unwrap());
    let start = |folder| (folder, Running::start(&mut command(folder)));
    let running: Vec<_> = names.map(start).collect();
    running.into_iter().map(|(folder, running)| (folder, running.end()))
}

/// A program that may have this many KB of addresses and no more.
#[cfg(target_os = "linux")]
pub(crate) fn command_with_addresses(
    kilobytes: u32,
    program: &str,
    arguments: &[&str],
) -> Command {
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
    command("sh", &[&["-c", &script, program], arguments].concat())
}

/// Ends a program while it has a file open in its `--folder`, which is empty afterwards.
/// The file is opened soon after a line that begins with `beginning`.
///
/// Not by the signal of Ctrl-C, because a shell that runs the tests in the background has
/// told them to ignore that one. The programs listen for neither, so both end them alike.
#[cfg(target_os = "linux")]
pub(crate) fn assert_the_end_leaves_nothing(
    beginning: &'static str,
    mut command: Command,
) {
    use std::fs;
    use std::os::unix::process::ExitStatusExt;
    use std::time::Instant;

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut running = Running::start(command.arg("--folder").arg(folder.path()));
    running.read_until(beginning);
    let process = Pid::from_raw(running.child.id().try_into().unwrap());
    let is_open = || {
        let files = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
        let mut links = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
        links.any(|link| link.starts_with(folder.path()))
    };
    let start = Instant::now();
    while !is_open() {
        assert_eq!(running.child.try_wait().unwrap(), None, "there was no file");
        assert!(start.elapsed() < PATIENCE, "there is no file");
        thread::yield_now();
    }
    kill(process, Signal::SIGTERM).unwrap();
    assert_eq!(running.end().end.signal(), Some(Signal::SIGTERM as i32));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

/// Folders in which nobody can create a file, whatever the permissions.
pub(crate) fn unusable_folders() -> Vec<PathBuf> {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut folders = vec![build.join("missing"), PathBuf::from(LADDER)];
    if cfg!(target_os = "linux") {
        folders.push("/sys".into());
    }
    folders
}

/// Does on another thread what may take for ever. See [`in_time`].
pub(crate) fn on_a_thread<T: Send + 'static>(
    wait: impl FnOnce() -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = mpsc::channel();
    // Nobody receives what comes when the test has given up.
    thread::spawn(move || drop(sender.send(wait())));
    receiver
}

/// What comes, or a test that has failed when it does not come.
pub(crate) fn in_time<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(PATIENCE).expect("what a test waits for has to come")
}

fn text(mut pipe: impl Read) -> String {
    let mut text = String::new();
    pipe.read_to_string(&mut text).unwrap();
    text
}
