//! Ctrl-C in the middle of a race, and what is like it.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, test_kill_process};
use serde_json::Value;

use crate::program::{PATIENCE, Running, SHORT, race};

/// A command that writes the number of its process to `file` and then waits, as does a
/// program that it has started.
fn endless(file: &Path) -> String {
    let file = file.display();
    format!(
        "echo $$ > {file}.new && mv {file}.new {file}; sleep 60; echo {{url}} {{dest}}"
    )
}

/// Asserts that the process whose number is in `file` has ended.
fn assert_is_over(file: &Path) {
    assert!(is_over(file), "it goes on");
}

fn is_over(file: &Path) -> bool {
    let process = fs::read_to_string(file).unwrap().trim().parse().unwrap();
    test_kill_process(Pid::from_raw(process).unwrap()).is_err()
}

#[test]
fn all_programs_are_ended_and_what_is_known_is_shown_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let [process, json, svg] =
        ["process", "race.json", "race.svg"].map(|name| folder.path().join(name));
    let mut race = race(SHORT);
    race.args(["--vs", &endless(&process)]);
    race.arg("--json").arg(&json).arg("--chart").arg(&svg);
    let mut running = Running::start(&mut race);
    running.wait_until(|| process.exists());
    running.send(Signal::INT);
    let report = running.end();
    assert_eq!(report.status, Some(130), "{}{}", report.stdout, report.stderr);
    assert_is_over(&process);

    let notice = "Interrupted: all that is shown and written is of 1 of 2 runs.\n";
    assert!(report.stderr.ends_with(notice), "{}", report.stderr);
    assert!(report.row("seq").len() > 8, "{}", report.stdout);
    assert!(!report.stdout.contains("FAILED"), "{}", report.stdout);
    let written: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(written["interrupted"], true);
    assert_eq!(written["runs"].as_array().unwrap().len(), 1);
    roxmltree::Document::parse(&fs::read_to_string(&svg).unwrap()).unwrap();
}

#[test]
fn before_the_end_of_the_first_run_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("race.json");
    fs::write(&json, "of another race").unwrap();
    let destinations = tempfile::tempdir().unwrap();
    let mut race = race("--styles seq --sizes 1 --rounds 1 --latency 60s");
    race.env("TMPDIR", destinations.path()).arg("--json").arg(&json);
    let mut running = Running::start(&mut race);
    // The folder of the first run is there before the run begins.
    running.wait_until(|| fs::read_dir(destinations.path()).unwrap().count() > 0);
    running.send(Signal::INT);
    let report = running.end();
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(130)));
    let notice = "Interrupted before the first run had ended, so there is no result.\n";
    assert!(report.stderr.ends_with(notice), "{}", report.stderr);
    assert_eq!(fs::read_to_string(&json).unwrap(), "of another race");
    assert_eq!(fs::read_dir(destinations.path()).unwrap().count(), 0, "all is tidied up");
}

#[test]
fn a_signal_that_ends_the_race_ends_its_programs_and_gives_its_status() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let folder = tempfile::tempdir().unwrap();
        let process = folder.path().join("process");
        let mut race = race(SHORT);
        race.args(["--vs", &endless(&process)]);
        let mut running = Running::start(&mut race);
        running.wait_until(|| process.exists());
        running.send(signal);
        // As where a terminal is closed, which both the system and the shell tell.
        running.send(signal);
        let report = running.end();
        assert_eq!(report.status, Some(status), "{}", report.stderr);
        assert_is_over(&process);
        let notice = "Interrupted: all that is shown and written is of 1 of 2 runs.\n";
        assert!(report.stderr.ends_with(notice), "{}", report.stderr);
    }
}

#[test]
fn a_ctrl_c_after_another_signal_gives_the_status_of_that() {
    let folder = tempfile::tempdir().unwrap();
    let process = folder.path().join("process");
    let destinations = tempfile::tempdir().unwrap();
    let mut race = race(SHORT);
    race.env("TMPDIR", destinations.path()).args(["--vs", &endless(&process)]);
    let mut running = Running::start(&mut race);
    running.wait_until(|| process.exists());
    running.send(Signal::TERM);
    // It is heeded as soon as this has ended; the report is still to be written.
    let began = Instant::now();
    while !is_over(&process) {
        assert!(began.elapsed() < PATIENCE, "it goes on");
        thread::sleep(Duration::from_millis(1));
    }
    running.send(Signal::INT);
    let report = running.end();
    assert_eq!(report.status, Some(143), "{}", report.stderr);
    assert_eq!(fs::read_dir(destinations.path()).unwrap().count(), 0, "all is tidied up");
}
