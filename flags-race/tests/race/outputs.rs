//! Where the result goes: standard output, files, or neither.

use std::fs;

use serde_json::Value;

use crate::program::{SHORT, race, run, run_unread};

#[test]
fn json_on_standard_output_stands_there_alone() {
    let report = run(race(SHORT).args(["--json", "-"]));
    let json: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(json["runs"][0]["saved"], 3);
    assert!(report.stderr.contains("\n3 flags, delays of 1.0 ms"), "{}", report.stderr);
    assert_eq!(report.status, Some(0));
}

#[test]
fn a_chart_on_standard_output_stands_there_alone() {
    let report = run(race(SHORT).args(["--chart", "-"]));
    roxmltree::Document::parse(&report.stdout).unwrap();
    assert!(report.stderr.contains("\n3 flags, delays of 1.0 ms"), "{}", report.stderr);
}

#[test]
fn standard_output_has_a_place_for_one_file() {
    let report = run(race(SHORT).args(["--chart", "-", "--json", "-"]));
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(2)));
    assert!(report.stderr.contains("cannot both go to standard output"));
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_first_run() {
    for option in ["--json", "--chart"] {
        let report = run(race(SHORT).args([option, "missing-folder/file"]));
        let expected = "error: cannot write the file missing-folder";
        assert!(report.stderr.starts_with(expected), "{}", report.stderr);
        assert_eq!(report.stderr.lines().count(), 1, "{}", report.stderr);
        assert_eq!((report.stdout.as_str(), report.status), ("", Some(1)));
    }
}

#[test]
fn a_reader_that_has_left_is_no_error_and_costs_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("race.json");
    let report = run_unread(race(SHORT).arg("--json").arg(&json));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert!(!report.stderr.contains("error"), "{}", report.stderr);
    serde_json::from_slice::<Value>(&fs::read(&json).unwrap()).unwrap();
    let report = run_unread(race(SHORT).args(["--json", "-"]));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
}
