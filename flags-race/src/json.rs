//! The result for programs.
//!
//! ```text
//! { "version": "0.1.0",
//!   "build": "release",                  // or "debug"
//!   "seed": 2477,
//!   "rounds": 5,
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
//!               "seconds": 7.2, "exitStatus": 0, "saved": 20,
//!               "peakMemoryBytes": 8493466, "peakThreads": 3,
//!               "site": { "requests": 20, "answered": 20, "failed": 0,
//!                         "largestInFlight": 1,
//!                         "longestDelay": 1290.1,    // milliseconds, like the next
//!                         "sumOfTimes": 7190.2 } } ] }
//! ```

use serde::Serialize;

use crate::contestant::Entry;
use crate::race::Race;
use crate::result::{Line, Results};
use crate::run::Run;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    version: &'static str,
    build: &'static str,
    seed: u64,
    rounds: usize,
    contestants: Vec<Named<'a>>,
    distances: Vec<Delays>,
    results: Vec<&'a Line>,
    runs: &'a [Run],
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    command: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delays {
    flags: usize,
    latency: String,
    limit_seconds: Option<f64>,
}

/// The text of the file.
pub(crate) fn text(race: &Race, results: &[Results], runs: &[Run]) -> String {
    let contestants = race.contestants.iter().map(|contestant| Named {
        name: &contestant.name,
        command: match &contestant.entry {
            Entry::Ours(_) => None,
            Entry::Other(template) => Some(&template.0),
        },
    });
    let distances = results.iter().map(|results| Delays {
        flags: results.distance.flags,
        latency: results.distance.latency_text(),
        limit_seconds: results.limit,
    });
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        seed: race.seed,
        rounds: race.rounds,
        contestants: contestants.collect(),
        distances: distances.collect(),
        results: results.iter().flat_map(|results| &results.lines).collect(),
        runs,
    };
    serde_json::to_string_pretty(&report).expect("it has no map with other keys") + "\n"
}
