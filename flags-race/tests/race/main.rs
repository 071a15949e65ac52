//! The race as its user sees it, with the real programs and very few flags.

#[cfg(unix)]
mod ctrl_c;
mod outputs;
mod program;

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::program::{RACE, SHORT, beside_the_race, race, run};

#[test]
fn every_style_saves_all_flags_and_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let [json, svg] = ["race.json", "race.svg"].map(|name| folder.path().join(name));
    let mut race = race("--sizes 3 --rounds 2 --latency 1ms");
    let report = run(race.arg("--json").arg(&json).arg("--chart").arg(&svg));
    assert_eq!(report.status, Some(0), "{}{}", report.stdout, report.stderr);
    for name in ["seq", "pool", "async"] {
        let words = report.row(name);
        assert!(words.iter().any(|word| word.ends_with('×')), "{}", report.stdout);
    }
    let last = "round 2 of 2, 3 flags, async: ";
    assert!(report.stderr.contains(last), "{}", report.stderr);

    let report: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let runs = report["runs"].as_array().unwrap();
    let names: Vec<&Value> = runs.iter().map(|run| &run["name"]).collect();
    assert_eq!(names, ["seq", "pool", "async", "pool", "seq", "async"]);
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
    assert_eq!(report["distances"][0]["latency"], "0.001s");
    assert_eq!(report["interrupted"], false);

    let svg = fs::read_to_string(&svg).unwrap();
    roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn all_meet_the_same_delays_in_every_round() {
    let words = "--sizes 20 --rounds 2 --latency exp:5ms --seed 7 --json -";
    let report = run(&mut race(words));
    let json: Value = serde_json::from_str(&report.stdout).unwrap();
    let delays = json["runs"].as_array().unwrap().iter();
    let delays: Vec<&Value> = delays.map(|run| &run["site"]["longestDelay"]).collect();
    assert_eq!(delays, [delays[0]; 6]);
    let limit = json["distances"][0]["limitSeconds"].as_f64().unwrap();
    assert_eq!(Some(limit), delays[0].as_f64().map(|delay| delay / 1000.0));
}

#[test]
fn more_flags_than_there_are_countries_are_downloaded_in_copies() {
    let words = "--styles async,pool --sizes 200,20 --rounds 1 --latency 0";
    let report = run(&mut race(words));
    assert_eq!(report.status, Some(0), "{}{}", report.stdout, report.stderr);
    let head = "\n200 flags, delays of 0.0 ms\n";
    assert!(report.stdout.contains(head), "{}", report.stdout);
}

#[test]
fn a_program_that_saves_nothing_has_failed_however_fast_it_is() {
    let report = run(race(SHORT).args(["--vs", "echo {url} {dest}"]));
    let stdout = &report.stdout;
    assert_eq!(report.status, Some(1), "{}", report.stderr);
    let failure = "FAILED in 1 of 1 runs, in round 1: only 0 of 3 flags were saved";
    assert!(stdout.contains(failure), "{stdout}");
    assert!(stdout.contains("    echo FAILED\n"), "{stdout}");
    assert_eq!(report.row("echo")[1..], ["–"; 8]);
    assert_eq!(report.row("seq")[7], "1.00×", "the others still count: {stdout}");
}

#[test]
fn a_program_that_says_that_it_failed_is_believed() {
    let report = run(race(SHORT).args(["--vs", "exit 3 {url} {dest}"]));
    assert_eq!(report.status, Some(1));
    // The systems word it differently, and a shell may complain about the other words.
    assert!(report.stdout.contains("in round 1: exit "), "{}", report.stdout);
}

#[test]
fn flags_that_came_from_elsewhere_do_not_count() {
    let program = beside_the_race("flags-seq");
    let program = program.display();
    let command = format!("{program} -s LOCAL -l 3 --dest {{dest}} && echo {{url}}");
    let report = run(race(SHORT).args(["--vs", &command]));
    assert_eq!(report.status, Some(1));
    let failure = "the site gave only 0 of 3 flags";
    assert!(report.stdout.contains(failure), "{}", report.stdout);
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
    let report = run(race.args(["--vs", &command]));
    assert_eq!(report.status, Some(0), "{}{}", report.stdout, report.stderr);
    assert!(report.row("flags-t").len() > 8, "{}", report.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "all is tidied up");
}

#[test]
fn a_missing_program_is_named_with_the_command_that_builds_it() {
    let folder = tempfile::tempdir().unwrap();
    let lonely = folder.path().join(format!("flags-race{EXE_SUFFIX}"));
    fs::copy(RACE, &lonely).unwrap();
    let report = run(Command::new(lonely).env_remove("CARGO"));
    assert!(report.stderr.contains("flags-server"), "{}", report.stderr);
    assert!(report.stderr.contains("is missing; `cargo build"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
}

#[test]
fn cargo_is_asked_for_the_programs_where_it_has_started_the_race() {
    let mut race = Command::new(RACE);
    race.env("CARGO_PKG_NAME", "flags-race").env("CARGO_MANIFEST_DIR", ".");
    // In the place of cargo stands a program that knows no `build`.
    let report = run(race.env("CARGO", RACE));
    let lines: Vec<&str> = report.stderr.lines().collect();
    let first = "Bringing the programs up to date: cargo build ";
    assert!(lines[0].starts_with(first), "{lines:?}");
    assert_eq!(lines.last(), Some(&"error: the programs to race could not be built"));
    let report = run(race.env("CARGO", "no/such/cargo"));
    assert!(report.stderr.contains("cargo cannot be started"), "{}", report.stderr);
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(1)));
}
