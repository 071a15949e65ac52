//! What is told of the runs, as JSON.

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Serialize;

use super::bar::Bar;
use super::milliseconds::Milliseconds;
use super::run::{Numbers, Run};

/// All runs with all of their bars, and what frames them: the sites that they are of, and
/// who is told.
pub(super) fn everything<'a>(
    runs: impl Iterator<Item = &'a Run>,
    frame: &impl Serialize,
    now: Duration,
) -> String {
    let runs = runs.map(|run| ToldRun::new(run, |_| true)).collect();
    json(&Told { now: Milliseconds(now), frame: Some(frame), runs, removed: Vec::new() })
}

/// Those runs and bars that have changed, and the ids of those that are kept no more.
/// `None` where there are neither.
pub(super) fn changes<'a>(
    runs: impl Iterator<Item = &'a Run>,
    removed: Vec<u64>,
    now: Duration,
) -> Option<String> {
    let changed = runs.filter(|run| run.is_changed);
    let runs: Vec<_> =
        changed.map(|run| ToldRun::new(run, |bar| bar.is_changed)).collect();
    if runs.is_empty() && removed.is_empty() {
        return None;
    }
    Some(json(&Told::<()> { now: Milliseconds(now), frame: None, runs, removed }))
}

#[derive(Serialize)]
struct Told<'a, S> {
    now: Milliseconds,
    #[serde(flatten)]
    frame: Option<&'a S>,
    runs: Vec<ToldRun<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldRun<'a> {
    #[serde(flatten)]
    numbers: &'a Numbers,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_flight_over_time: Option<Vec<(Milliseconds, u32)>>,
    bars: Vec<&'a Bar>,
}

impl<'a> ToldRun<'a> {
    fn new(run: &'a Run, is_told: impl Fn(&Bar) -> bool) -> Self {
        let bars = run.bars.iter().filter(|bar| is_told(bar)).collect();
        let in_flight_over_time = run.in_flight_over_time();
        Self { numbers: &run.numbers, in_flight_over_time, bars }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has only texts, numbers and lists")
}
