//! The race as its user sees it, with the real programs and very few flags.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

const RACE: &str = env!("CARGO_BIN_EXE_flags-race");

/// Cargo has built the race for these tests, but not the programs that it needs. The race
/// has them built itself where cargo has started it, so that is what happens first.
static BUILT: LazyLock<Output> = LazyLock::new(|| {
    let words = ["--styles", "seq", "--sizes", "1", "--rounds", "1", "--latency", "0"];
    Command::new(RACE).args(words).output().unwrap()
});

/// The race as if it were started by hand, without cargo.
fn race(words: &str) -> Command {
    assert!(BUILT.status.success(), "{:?}", texts(&BUILT));
    let mut race = Command::new(RACE);
    race.env_remove("CARGO").args(words.split(' '));
    race
}

/// A race of very few flags against `seq`.
const SHORT: &str = "--styles seq --sizes 3 --rounds 1 --latency 1ms";

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// The path of another program of the workspace.
fn beside_the_race(program: &str) -> PathBuf {
    Path::new(RACE).with_file_name(format!("{program}{EXE_SUFFIX}"))
}

/// The words of the row of a contestant in the first table.
fn row<'a>(stdout: &'a str, name: &str) -> Vec<&'a str> {
    let table = &stdout[stdout.find(" median ").unwrap()..];
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.into_iter().find(|words| words.first() == Some(&name)).unwrap()
}

#[test]
fn every_style_saves_all_flags_and_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let [json, svg] = ["race.json", "race.svg"].map(|name| folder.path().join(name));
    let mut race = race("--sizes 3 --rounds 2 --latency 1ms");
    race.arg("--json").arg(&json).arg("--chart").arg(&svg);
    let output = race.output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    for name in ["seq", "pool", "async"] {
        let words = row(&stdout, name);
        assert!(words.iter().any(|word| word.ends_with('×')), "{stdout}");
    }
    assert!(stderr.contains("round 2 of 2, 3 flags, async: "), "{stderr}");

    let report: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let runs = report["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 6);
    for run in runs {
        assert_eq!((&run["failure"], &run["saved"]), (&Value::Null, &3.into()));
        assert_eq!(
            (&run["site"]["requests"], &run["exitStatus"]),
            (&3.into(), &0.into())
        );
        assert_eq!(run["site"]["longestDelay"], 1.0);
        let memory = run["peakMemoryBytes"].as_u64().unwrap();
        assert!((500_000..500_000_000).contains(&memory), "{run}");
    }
    let in_flight = |run: &Value| run["site"]["largestInFlight"].as_u64().unwrap();
    assert_eq!(in_flight(&runs[0]), 1, "seq does not wait for two at once");
    assert_eq!(report["results"][0]["speedUp"], 1.0);

    let svg = fs::read_to_string(&svg).unwrap();
    roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn more_flags_than_there_are_countries_are_downloaded_in_copies() {
    let words = "--styles async,pool --sizes 200,20 --rounds 1 --latency 0";
    let output = race(words).output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    assert!(stdout.contains("\n200 flags, delays of 0.0 ms\n"), "{stdout}");
}

#[test]
fn a_program_that_saves_nothing_has_failed_however_fast_it_is() {
    let output = race(SHORT).args(["--vs", "echo {url} {dest}"]).output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let failure = "FAILED in 1 of 1 runs, in round 1: only 0 of 3 flags were saved";
    assert!(stdout.contains(failure), "{stdout}");
    assert!(stdout.contains("    echo FAILED\n"), "{stdout}");
    assert_eq!(row(&stdout, "echo")[1..], ["–"; 8]);
    assert_eq!(row(&stdout, "seq")[7], "1.00×", "the others still count: {stdout}");
}

#[test]
fn a_program_that_says_that_it_failed_is_believed() {
    let output = race(SHORT).args(["--vs", "exit 3 {url} {dest}"]).output().unwrap();
    let (stdout, _) = texts(&output);
    assert_eq!(output.status.code(), Some(1));
    // The systems word it differently, and a shell may complain about the other words.
    assert!(stdout.contains("in round 1: exit "), "{stdout}");
}

#[test]
fn flags_that_came_from_elsewhere_do_not_count() {
    let program = beside_the_race("flags-seq");
    let program = program.display();
    let command = format!("{program} -s LOCAL -l 3 --dest {{dest}} && echo {{url}}");
    let output = race(SHORT).args(["--vs", &command]).output().unwrap();
    let (stdout, _) = texts(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout.contains("the site gave only 0 of 3 flags"), "{stdout}");
}

#[test]
fn another_program_is_raced_under_the_same_conditions() {
    let program = beside_the_race("flags-threadpool");
    let command = format!("{} -s {{url}} -l 3 -m 3 --dest {{dest}}", program.display());
    // On the way to it there is a folder with a name that needs quotes.
    let folder = tempfile::Builder::new().prefix("it's a folder").tempdir().unwrap();
    let mut race = race(SHORT);
    if cfg!(unix) {
        race.env("TMPDIR", folder.path());
    }
    let output = race.args(["--vs", &command]).output().unwrap();
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    assert!(row(&stdout, "flags-t").len() > 8, "{stdout}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "all is tidied up");
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_first_run() {
    for option in ["--json", "--chart"] {
        let output = race(SHORT).args([option, "missing-folder/file"]).output().unwrap();
        let (stdout, stderr) = texts(&output);
        assert!(
            stderr.starts_with("error: cannot write the file missing-folder"),
            "{stderr}"
        );
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert_eq!((stdout.as_str(), output.status.code()), ("", Some(1)));
    }
}

#[test]
fn a_missing_program_is_named_with_the_command_that_builds_it() {
    let folder = tempfile::tempdir().unwrap();
    let lonely = folder.path().join(format!("flags-race{EXE_SUFFIX}"));
    fs::copy(RACE, &lonely).unwrap();
    let output = Command::new(lonely).env_remove("CARGO").output().unwrap();
    let (_, stderr) = texts(&output);
    assert!(stderr.contains("flags-server"), "{stderr}");
    assert!(stderr.contains("is missing; `cargo build"), "{stderr}");
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_all_programs_and_shows_what_is_known() {
    use std::process::Stdio;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("process");
    // The shell writes its number and then waits, as does a program that it has started.
    let command = format!(
        "echo $$ > {0}.new && mv {0}.new {0}; sleep 60; echo {{url}} {{dest}}",
        file.display()
    );
    let mut race = race(SHORT);
    race.args(["--vs", &command]).stdout(Stdio::piped());
    let child = race.stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while !file.exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "it does not start");
        thread::sleep(Duration::from_millis(1));
    }
    let number = |text: &str| Pid::from_raw(text.trim().parse().unwrap()).unwrap();
    let shell = number(&fs::read_to_string(&file).unwrap());
    kill_process(number(&child.id().to_string()), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(started.elapsed() < Duration::from_secs(30), "it waits for the others");
    let (stdout, stderr) = texts(&output);
    assert_eq!(output.status.code(), Some(130), "{stdout}{stderr}");
    assert!(stderr.contains("Interrupted"), "{stderr}");
    assert!(row(&stdout, "seq").len() > 8, "{stdout}");
    assert!(!stdout.contains("FAILED"), "{stdout}");
    assert!(test_kill_process(shell).is_err(), "the shell goes on");
}
