//! What the three programs promise, tested on the real ones.

mod blocked_loop;
mod ladder;
mod threads_vs_tasks;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

const LADDER: &str = env!("CARGO_BIN_EXE_blocking-calls");
const THREADS_VS_TASKS: &str = env!("CARGO_BIN_EXE_threads-vs-tasks");
const BLOCKED_LOOP: &str = env!("CARGO_BIN_EXE_blocked-loop");

/// What a program has left behind.
struct Report {
    stdout: String,
    stderr: String,
    /// `None` when a signal has ended it.
    status: Option<i32>,
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

/// A program in a folder of the build, which is on a disk more often than other folders.
fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    command
}

fn run(program: &str, arguments: &[&str]) -> Report {
    Report::from(command(program, arguments).output().unwrap())
}

/// The same with not more than so many KB of addresses.
#[cfg(target_os = "linux")]
fn run_with_addresses(kilobytes: u32, program: &str, arguments: &[&str]) -> Report {
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
    let arguments = [&["-c", &script, program], arguments].concat();
    run("sh", &arguments)
}

/// Starts a program and waits until it has written a line that begins with `beginning`.
fn start_and_wait_for(
    beginning: &str,
    program: &str,
    arguments: &[&str],
) -> (Child, BufReader<impl std::io::Read>) {
    let mut command = command(program, arguments);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(beginning) {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "no line {beginning}");
    }
    (child, stdout)
}

/// Ends a program while it has a file open in its folder, which is empty afterwards. The
/// file is opened soon after a line that begins with `beginning`.
///
/// Not by the signal of Ctrl-C, because a shell that runs the tests in the background has
/// told them to ignore that one. The programs listen for neither, so both end them alike.
#[cfg(target_os = "linux")]
fn assert_the_end_leaves_nothing(beginning: &str, program: &str) {
    use std::fs;
    use std::os::unix::process::ExitStatusExt;

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let arguments = ["--folder", folder.path().to_str().unwrap()];
    let (mut child, _stdout) = start_and_wait_for(beginning, program, &arguments);
    let process = Pid::from_raw(child.id().try_into().unwrap());
    let is_open = || {
        let files = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
        let mut links = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
        links.any(|link| link.starts_with(folder.path()))
    };
    while !is_open() {
        assert_eq!(child.try_wait().unwrap(), None, "there was no file");
        std::thread::yield_now();
    }
    kill(process, Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::SIGTERM as i32));
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

/// Folders in which nobody can create a file, whatever the permissions.
fn unusable_folders() -> Vec<PathBuf> {
    let build = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut folders = vec![build.join("missing"), PathBuf::from(LADDER)];
    if cfg!(target_os = "linux") {
        folders.push("/sys".into());
    }
    folders
}

#[test]
fn a_wrong_command_line_is_named_with_what_is_allowed() {
    for (program, words, wrong, allowed) in [
        (LADDER, "--url ftp://site/", "'ftp://site/'", "https://"),
        (LADDER, "--url site", "'site'", "https://"),
        (LADDER, "--url http://", "'http://'", "https://"),
        (LADDER, "5", "'5'", "Usage: blocking-calls"),
        (THREADS_VS_TASKS, "0", "0", "1..=10000"),
        (THREADS_VS_TASKS, "10001", "10001", "1..=10000"),
        (THREADS_VS_TASKS, "many", "'many'", "invalid digit"),
        (BLOCKED_LOOP, "--cost 3", "3", "4..=16"),
        (BLOCKED_LOOP, "--cost 17", "17", "4..=16"),
        (BLOCKED_LOOP, "--folder", "--folder", "a value is required"),
    ] {
        let report = run(program, &words.split(' ').collect::<Vec<_>>());
        assert_eq!(report.status, Some(2), "{words}: {}", report.stderr);
        assert_eq!(report.stdout, "", "{words}");
        assert!(report.stderr.contains(wrong), "{words}: {}", report.stderr);
        assert!(report.stderr.contains(allowed), "{words}: {}", report.stderr);
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    for (program, arguments) in
        [(LADDER, &[][..]), (THREADS_VS_TASKS, &["10"]), (BLOCKED_LOOP, &["--cost", "4"])]
    {
        let (child, stdout) = start_and_wait_for("", program, arguments);
        drop(stdout);
        let report = Report::from(child.wait_with_output().unwrap());
        assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)), "{program}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    for (program, arguments) in
        [(LADDER, &[][..]), (THREADS_VS_TASKS, &["10"]), (BLOCKED_LOOP, &["--cost", "4"])]
    {
        let mut command = command(program, arguments);
        command.stdout(std::fs::File::create("/dev/full").unwrap());
        let report = Report::from(command.stderr(Stdio::piped()).output().unwrap());
        let error = "error: cannot write to standard output: ";
        assert!(report.stderr.starts_with(error), "{program}: {}", report.stderr);
        assert_eq!(report.status, Some(1), "{program}");
    }
}
