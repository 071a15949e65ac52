//! The result for programs.
//!
//! ```text
//! { "version": "0.1.0",
//!   "build": "release",                  // or "debug"
//!   "seed": 2477,
//!   "rounds": 5,
//!   "interrupted": false,                // true: after Ctrl-C, and runs are missing
//!   "contestants": [ { "name": "seq",
//!                      "command": null } ],          // the COMMAND of --vs
//!   "distances": [ { "flags": 20,
//!                    "latency": "exp:0.359s",        // as flags-server takes it
//!                    "limitSeconds": 1.29 } ],       // null: no run counts, or no delay
//!   "results": [ { "name": "seq", "flags": 20,
//!                  "runs": 5, "failures": 0,         // that count, and that do not
//!                  "seconds": { "fastest": 7.2, "median": 7.2, "slowest": 7.2 },
//!                  "speedUp": 1.0, "timesTheLimit": 5.6,
//!                  "largestInFlight": 1, "peakMemoryBytes": 8493466,
//!                  "peakThreads": 3 } ],             // null where nothing is known
//!   "runs": [ { "round": 1, "name": "seq", "flags": 20,
//!               "failure": null,                     // why it does not count
//!               "seconds": 7.2, "exitStatus": 0,     // here too, null where nothing
//!               "saved": 20,                         // is known
//!               "peakMemoryBytes": 8493466, "peakThreads": 3,
//!               "site": { "requests": 20, "answered": 20, "failed": 0,
//!                         "largestInFlight": 1,
//!                         "longestDelay": 1290.1,    // milliseconds, like the next
//!                         "sumOfTimes": 7190.2 } } ] }
//! ```

use serde::Serialize;

use crate::contestant::{Contestant, Entry};
use crate::figures::Spread;
use crate::race::Race;
use crate::result::{Line, Results};
use crate::run::Run;
use crate::seen::Seen;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RaceReport<'a> {
    version: &'static str,
    build: &'static str,
    seed: u64,
    rounds: usize,
    interrupted: bool,
    contestants: Vec<ContestantReport<'a>>,
    distances: Vec<DistanceReport>,
    results: Vec<LineReport<'a>>,
    runs: Vec<RunReport<'a>>,
}

#[derive(Serialize)]
struct ContestantReport<'a> {
    name: &'a str,
    command: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DistanceReport {
    flags: usize,
    latency: String,
    limit_seconds: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineReport<'a> {
    name: &'a str,
    flags: usize,
    runs: usize,
    failures: usize,
    seconds: Option<Spread>,
    speed_up: Option<f64>,
    times_the_limit: Option<f64>,
    largest_in_flight: Option<u64>,
    peak_memory_bytes: Option<u64>,
    peak_threads: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunReport<'a> {
    round: usize,
    name: &'a str,
    flags: usize,
    failure: Option<&'a str>,
    seconds: Option<f64>,
    exit_status: Option<i32>,
    saved: Option<usize>,
    peak_memory_bytes: Option<u64>,
    peak_threads: Option<u64>,
    site: Option<&'a Seen>,
}

/// The text of the file.
pub(crate) fn text(race: &Race, results: &[Results], runs: &[Run]) -> String {
    let lines = results.iter().flat_map(|results| {
        let flags = results.distance.flags;
        results.lines.iter().map(move |line| line_report(line, flags))
    });
    let report = RaceReport {
        version: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        seed: race.seed,
        rounds: race.rounds,
        interrupted: runs.len() < race.runs(),
        contestants: race.contestants.iter().map(contestant_report).collect(),
        distances: results.iter().map(distance_report).collect(),
        results: lines.collect(),
        runs: runs.iter().map(|run| run_report(race, run)).collect(),
    };
    serde_json::to_string_pretty(&report).expect("it has no map with other keys") + "\n"
}

fn contestant_report(contestant: &Contestant) -> ContestantReport<'_> {
    let command = match &contestant.entry {
        Entry::Ours(_) => None,
        Entry::Other(template) => Some(template.text()),
    };
    ContestantReport { name: &contestant.name, command }
}

fn distance_report(results: &Results) -> DistanceReport {
    DistanceReport {
        flags: results.distance.flags,
        latency: results.distance.latency_text(),
        limit_seconds: results.limit,
    }
}

fn line_report<'a>(line: &Line<'a>, flags: usize) -> LineReport<'a> {
    LineReport {
        name: &line.contestant.name,
        flags,
        runs: line.runs,
        failures: line.failed.len(),
        seconds: line.seconds,
        speed_up: line.speed_up,
        times_the_limit: line.times_the_limit,
        largest_in_flight: line.largest_in_flight,
        peak_memory_bytes: line.peak_memory_bytes,
        peak_threads: line.peak_threads,
    }
}

fn run_report<'a>(race: &'a Race, run: &'a Run) -> RunReport<'a> {
    let (measured, failure) = match &run.outcome {
        Ok(measured) => (Some(measured), None),
        Err(failure) => (failure.measured.as_ref(), Some(failure.reason.as_str())),
    };
    RunReport {
        round: run.round,
        name: &race.contestant(run.pairing).name,
        flags: race.distance(run.pairing).flags,
        failure,
        seconds: measured.map(|measured| measured.seconds),
        exit_status: measured.and_then(|measured| measured.status.code()),
        saved: measured.map(|measured| measured.saved),
        peak_memory_bytes: measured.and_then(|measured| measured.peak.memory),
        peak_threads: measured.and_then(|measured| measured.peak.threads),
        site: measured.and_then(|measured| measured.seen.as_ref().ok()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::result::results;
    use crate::run::Failure;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    fn report(runs: &[Run]) -> Value {
        let race = race();
        serde_json::from_str(&text(&race, &results(&race, runs), runs)).unwrap()
    }

    #[test]
    fn a_race_that_was_interrupted_says_so() {
        let runs: Vec<Run> = (1..4)
            .flat_map(|round| [run(SEQ, round, 6.0), run(ASYNC, round, 0.6)])
            .collect();
        assert_eq!(report(&runs)["interrupted"], false);
        let report = report(&runs[..3]);
        assert_eq!(report["interrupted"], true);
        assert_eq!(report["runs"].as_array().unwrap().len(), 3);
        assert_eq!(report["results"][0]["runs"], 2);
    }

    #[test]
    fn a_run_that_failed_has_its_reason_and_what_was_measured() {
        let failure = Failure { reason: "no site".to_owned(), measured: None };
        let unmeasured = Run { outcome: Err(failure), ..run(ASYNC, 1, 0.0) };
        let report = report(&[failed_run(SEQ, 1, "no disk"), unmeasured]);
        let [seq, event_loop] = [0, 1].map(|number: usize| &report["runs"][number]);
        assert_eq!((&seq["name"], &seq["failure"]), (&"seq".into(), &"no disk".into()));
        assert_eq!((&seq["saved"], &seq["seconds"]), (&20.into(), &0.1.into()));
        assert_eq!(seq["site"]["longestDelay"], 500.0);
        assert_eq!(event_loop["failure"], "no site");
        assert_eq!(event_loop["seconds"], Value::Null);
        assert_eq!(report["results"][0]["failures"], 1);
    }
}
