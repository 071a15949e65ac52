//! What is told of the runs, as JSON.

#[cfg(test)]
mod tests;

use std::mem;
use std::ops::Range;
use std::time::Duration;

use axum::body::Bytes;

use super::Runs;
use super::json::write_json;
use super::milliseconds::Milliseconds;
use super::report::Report;
use super::run::Run;

/// How long a piece of a report is at most, in bytes.
const PIECE: usize = 16 * 1024;
/// What stands between the report and the bars of a run.
const BEFORE_BARS: &[u8] = br#","bars":["#;

/// A list of all runs with all of their bars, told piece by piece as it is read.
///
/// With all runs full it has some megabytes, and there may be hundreds of readers, so
/// none of them has it as a whole. Each piece tells of the moment in which it was asked
/// for. To who hears of all changes since the first one, that makes no difference in the
/// end.
#[derive(Debug)]
pub(crate) struct Everything {
    /// The runs that are still to come.
    ids: Range<u64>,
    /// The run that is being told.
    id: u64,
    part: Part,
    is_first: bool,
}

/// Which part of a run comes next.
#[derive(Debug)]
enum Part {
    Numbers,
    /// From this byte on.
    Report(usize),
    /// This block of them.
    Bars(usize),
}

/// A run was forgotten in the middle of its report, so that what is told makes no sense.
#[derive(Debug)]
pub(crate) struct Forgotten;

impl Everything {
    pub(super) fn new(ids: Range<u64>) -> Self {
        Self { ids, id: 0, part: Part::Numbers, is_first: true }
    }

    /// The next piece; `None` at the end.
    pub(crate) fn next_piece(
        &mut self,
        runs: &mut Runs,
    ) -> Result<Option<Bytes>, Forgotten> {
        let (piece, next) = match self.part {
            Part::Numbers => {
                let Some(id) = self.ids.find(|&id| runs.get(id).is_some()) else {
                    return Ok(None);
                };
                self.id = id;
                let run = runs.get(id).expect("it was found a line before");
                let mut text = Vec::new();
                if !mem::take(&mut self.is_first) {
                    text.push(b',');
                }
                write_numbers(&mut text, run);
                if run.report.is_some() {
                    (text.into(), Part::Report(0))
                } else {
                    text.extend(b"null");
                    text.extend(BEFORE_BARS);
                    (text.into(), Part::Bars(0))
                }
            }
            Part::Report(from) => {
                let report = runs.get(self.id).and_then(|run| run.report.as_ref());
                let report = report.ok_or(Forgotten)?.text().as_bytes();
                let to = report.len().min(from + PIECE);
                // A copy, since a connection that is not read would keep all of it.
                let mut text = report[from..to].to_vec();
                if to < report.len() {
                    (text.into(), Part::Report(to))
                } else {
                    text.extend(BEFORE_BARS);
                    (text.into(), Part::Bars(0))
                }
            }
            Part::Bars(block) => {
                match runs.get(self.id).and_then(|run| run.bars.block(block)) {
                    Some(text) => (text, Part::Bars(block + 1)),
                    None => (Bytes::from_static(b"]}"), Part::Numbers),
                }
            }
        };
        self.part = next;
        Ok(Some(piece))
    }
}

/// Those of the runs and of their bars that have changed, and the ids of those that are
/// kept no more. `None` where there are neither.
pub(super) fn changes<'a>(
    changed: impl Iterator<Item = &'a Run>,
    removed: &[u64],
    now: Duration,
) -> Option<Vec<u8>> {
    let mut runs = Vec::new();
    for run in changed {
        if !runs.is_empty() {
            runs.push(b',');
        }
        write_numbers(&mut runs, run);
        let report = run.report.as_ref().map_or("null", Report::text);
        runs.extend(report.as_bytes());
        runs.extend(BEFORE_BARS);
        run.bars.write_changed(&mut runs);
        runs.extend(b"]}");
    }
    if runs.is_empty() && removed.is_empty() {
        return None;
    }
    let mut text = br#"{"now":"#.to_vec();
    write_json(&mut text, &Milliseconds(now));
    text.extend(br#","removed":"#);
    write_json(&mut text, &removed);
    text.extend(br#","runs":["#);
    text.extend(runs);
    text.extend(b"]}");
    Some(text)
}

/// Adds what is told of a run up to its report, which comes next.
fn write_numbers(text: &mut Vec<u8>, run: &Run) {
    write_json(text, &run.numbers);
    // What follows belongs to the same object.
    text.pop();
    if let Some(points) = run.in_flight_over_time() {
        text.extend(br#","inFlightOverTime":"#);
        write_json(text, &points);
    }
    text.extend(br#","report":"#);
}
