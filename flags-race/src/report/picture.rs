//! The runs of one round below each other on one scale of time: what waits for how long,
//! and who works meanwhile.
//!
//! The site has seen how long each flag was waited for, and the program itself tells
//! which of its threads were at work. The first moment of both is taken to be the same;
//! in fact it takes about a millisecond to open the first connection.

mod lanes;
mod replay;
mod svg;

use flags_common::plural;

use crate::contestant::{Contestant, Style};
use crate::figures::{flags, number_in_words, times};
use crate::race::Race;
use crate::result::Results;
use crate::run::Run;
use crate::seen::{Seen, Thread};

use self::lanes::{Lane, lanes};

/// The sums of two runs differ by no more than this where their delays were the same: a
/// timer of the site may be late, but not by much.
const SAME: f64 = 1.05;

/// What there is to draw. All times are in milliseconds.
#[derive(Debug)]
pub(crate) struct Picture<'a> {
    title: String,
    bands: Vec<Band<'a>>,
    /// The longest delay, before which nobody can have all flags.
    limit: Option<f64>,
}

/// One run.
#[derive(Debug)]
struct Band<'a> {
    name: String,
    /// What it is that waits, or which command it is.
    way: String,
    failure: Option<&'a str>,
    /// From the first flag that was asked for to the end of the run.
    elapsed: f64,
    /// How many times as fast as flags-seq it was, where that is known.
    speed_up: Option<f64>,
    largest_in_flight: u64,
    lanes: Vec<Lane<'a>>,
    /// Empty where the program does not tell.
    threads: &'a [Thread],
    /// Whether it has more of them than it tells of.
    lacks_threads: bool,
    cpu: Option<f64>,
}

impl<'a> Picture<'a> {
    /// The picture of the first run of each contestant over a distance; those that have
    /// not run before Ctrl-C are left out.
    pub(crate) fn new(race: &'a Race, results: &Results, runs: &'a [Run]) -> Self {
        let band = |run: &'a Run| Band::new(race.contestant(run.pairing), run);
        let mut bands: Vec<Band> = runs.iter().map(band).collect();
        let sequential = runs.iter().zip(&bands).find_map(|(run, band)| {
            let is_sequential = race.contestant(run.pairing).is_sequential();
            (is_sequential && band.failure.is_none()).then_some(band.elapsed)
        });
        for (run, band) in runs.iter().zip(&mut bands) {
            let can_be_compared =
                band.failure.is_none() && !race.contestant(run.pairing).is_sequential();
            band.speed_up = sequential
                .filter(|_| can_be_compared && band.elapsed > 0.0)
                .map(|sequential| sequential / band.elapsed);
        }
        let flags = flags(results.distance.flags);
        let styles: Vec<_> =
            runs.iter().map(|run| race.contestant(run.pairing).style()).collect();
        let title = match &styles[..] {
            [_] => flags,
            [Some(Style::Seq), Some(Style::Pool), Some(Style::Async)] => {
                format!("The same {flags}, three ways to wait")
            }
            runs => format!("The same {flags}, {} runs", number_in_words(runs.len())),
        };
        Self { title, bands, limit: results.limit.map(|seconds| seconds * 1000.0) }
    }

    /// The longest of the runs.
    fn longest(&self) -> f64 {
        self.bands.iter().map(|band| band.elapsed).fold(0.0, f64::max)
    }

    /// What the picture shows, in a sentence or two. It says that areas are equal only
    /// where they are.
    fn conclusion(&self) -> (String, &'static str) {
        let failed = self.bands.iter().filter(|band| band.failure.is_some());
        let failed: Vec<_> = failed.map(|band| band.name.as_str()).collect();
        if !failed.is_empty() {
            let names = failed.join(", ");
            return (format!("FAILED, and so compared with nothing: {names}."), "");
        }
        let sums: Vec<f64> = self.bands.iter().map(Band::waiting).collect();
        let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
        let most = sums.iter().copied().fold(0.0, f64::max);
        let (least_in_words, most_in_words) = (roughly(least), roughly(most));
        let is_one = least_in_words == most_in_words;
        let how_long = if is_one {
            most_in_words
        } else {
            format!("{least_in_words} to {most_in_words}")
        };
        match sums.len() {
            0 | 1 => (format!("The pale area is {how_long} of waiting."), ""),
            runs if most <= least * SAME => {
                let all = match runs {
                    2 => "both".to_owned(),
                    _ => format!("all {}", number_in_words(runs)),
                };
                let nearly = if is_one { "" } else { "nearly " };
                let same = format!("The pale area is {nearly}the same in {all}");
                (
                    format!("{same}: {how_long} of waiting."),
                    "Only its arrangement differs.",
                )
            }
            _ => (format!("The pale areas differ: {how_long} of waiting."), ""),
        }
    }

    /// For those who cannot see the picture.
    fn description(&self) -> String {
        let head = "The runs of the programs below each other on one scale of time. A \
                    pale bar is the time in which a flag is waited for, with a mark \
                    where the program goes on with it; the thin rows below are threads, \
                    dark where they work. What takes less time than can be seen is \
                    drawn wider.";
        let bands = self.bands.iter();
        let bands = bands.map(|band| format!("{}: {}", band.name, band.description()));
        let limit = self.limit.map(|limit| limit_in_words(limit) + ".");
        let (conclusion, more) = self.conclusion();
        let foot = format!("{conclusion} {more}").trim_end().to_owned();
        let lines = [head.to_owned()].into_iter().chain(bands).chain(limit).chain([foot]);
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl<'a> Band<'a> {
    fn new(contestant: &Contestant, run: &'a Run) -> Self {
        let (measured, failure) = match &run.outcome {
            Ok(measured) => (Some(measured), None),
            Err(failure) => (failure.measured.as_ref(), Some(failure.reason.as_str())),
        };
        let seen = measured.and_then(|measured| measured.seen.as_ref().ok());
        let report = seen.and_then(|seen| seen.report.as_ref());
        let last_end = |seen: &Seen| {
            let moments = seen.bars.iter().map(|bar| bar.end.unwrap_or(bar.start));
            moments.fold(0.0, f64::max)
        };
        let elapsed = seen.map_or(0.0, last_end);
        let elapsed = report.map_or(elapsed, |report| report.elapsed.max(elapsed));
        Self {
            name: contestant.title(),
            way: contestant.way(),
            failure,
            elapsed,
            speed_up: None,
            largest_in_flight: seen.map_or(0, |seen| seen.largest_in_flight),
            lanes: seen.map_or_else(Vec::new, |seen| lanes(&seen.bars, elapsed)),
            threads: report.map_or(&[], |report| &report.threads),
            lacks_threads: report.is_some_and(|report| report.truncated),
            cpu: report.and_then(|report| report.cpu),
        }
    }

    /// How long all flags were waited for, added up.
    fn waiting(&self) -> f64 {
        self.lanes.iter().flatten().map(|wait| wait.end - wait.start).sum()
    }

    /// How many threads send requests, and how many do nothing but save.
    fn threads_in_words(&self) -> Option<(String, Option<String>)> {
        let saves = self.threads.iter().filter(|thread| thread.role == "saves").count();
        let others = self.threads.len() - saves;
        if others == 0 {
            return None;
        }
        let at_least = if self.lacks_threads { "at least " } else { "" };
        let others = format!("{at_least}{others} {}", plural(others, "thread"));
        Some((others, (saves > 0).then(|| format!("and {saves} only for saving"))))
    }

    /// How much of the time a processor has worked.
    fn cpu_in_words(&self) -> Option<String> {
        Some(format!("CPU {} of {}", time(self.cpu?), time(self.elapsed)))
    }

    fn description(&self) -> String {
        let mut parts = Vec::new();
        match self.failure {
            Some(reason) => parts.push(format!("FAILED, {reason}")),
            None => parts.push(time(self.elapsed)),
        }
        parts.extend(self.speed_up.map(faster));
        parts.push(format!("{} in flight at most", self.largest_in_flight));
        if let Some((threads, more)) = self.threads_in_words() {
            parts.push(threads);
            parts.extend(more);
        }
        parts.extend(self.cpu_in_words());
        parts.join(", ") + "."
    }
}

fn faster(speed_up: f64) -> String {
    format!("{} as fast", times(speed_up))
}

fn limit_in_words(limit: f64) -> String {
    format!("The slowest flag takes {}", time(limit))
}

/// A number of milliseconds in words.
fn time(milliseconds: f64) -> String {
    crate::figures::time(milliseconds / 1000.0)
}

/// A sum of times in milliseconds, without the digits in which two that are meant to be
/// the same differ.
fn roughly(sum: f64) -> String {
    match sum / 1000.0 {
        seconds if seconds < 0.95 => time(sum),
        seconds if seconds < 99.95 => format!("{seconds:.1} s"),
        seconds => format!("{seconds:.0} s"),
    }
}
