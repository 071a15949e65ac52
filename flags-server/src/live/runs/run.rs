//! One run: its numbers, and its requests one by one as long as they are not too many.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::mem;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use flags_server::{Card, Deck, FlagFile, Outcome};
use serde::Serialize;

use super::bar::Label;
use super::bars::Bars;
use super::client::{Asked, Key, names, person};
use super::curve::Curve;
use super::milliseconds::Milliseconds;
use super::report::Report;

/// How many requests of a run are kept one by one. All 676 codes fit; a load test does
/// not, and of that only the numbers and a curve are told.
pub(super) const BARS: usize = 1000;
/// How often a run that is longer is told, at most. Its curve has some kilobytes, and a
/// class may look at dozens of such runs.
const PERIOD_OF_LONG: Duration = Duration::from_millis(500);
/// How long a client without a run in its name has to do nothing before its next
/// request begins a new run. A person who starts the same command again takes longer,
/// and no profile keeps a client waiting between two requests.
const PAUSE: Duration = Duration::from_secs(5);

/// A request that has begun, to be handed in when it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Begun {
    pub(super) run: u64,
    at: Duration,
    /// The index of its bar, for those that have one.
    bar: Option<usize>,
    /// What its run has dealt it.
    pub(crate) card: Card,
}

/// What has become of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reported {
    Now,
    /// Its run had one already.
    Before,
    NoSuchRun,
}

#[derive(Debug)]
pub(super) struct Run {
    agent: Box<[u8]>,
    pub(super) numbers: Numbers,
    pub(super) bars: Bars,
    curve: Curve,
    /// What the program said of the run at its end.
    pub(super) report: Option<Report>,
    deck: Deck,
    free_lanes: BinaryHeap<Reverse<u32>>,
    lanes: u32,
    is_changed: bool,
    /// When its changes were told last.
    told: Duration,
}

/// What is told of a run, but for its bars.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Numbers {
    pub(super) id: u64,
    site: Arc<str>,
    client: String,
    run: Option<String>,
    /// Who runs it.
    name: Option<String>,
    address: IpAddr,
    started: Milliseconds,
    ended: Option<Milliseconds>,
    requests: u64,
    answered: u64,
    failed: u64,
    not_found: u64,
    in_flight: u64,
    largest_in_flight: u64,
    longest_delay: Milliseconds,
    sum_of_times: Milliseconds,
}

impl Run {
    pub(super) fn new(id: u64, key: &Key, deck: Deck, now: Duration) -> Self {
        let (client, run) = names(key.agent);
        let numbers = Numbers {
            id,
            site: Arc::clone(key.site),
            client,
            run,
            name: None,
            address: key.address,
            started: Milliseconds(now),
            ended: None,
            requests: 0,
            answered: 0,
            failed: 0,
            not_found: 0,
            in_flight: 0,
            largest_in_flight: 0,
            longest_delay: Milliseconds::default(),
            sum_of_times: Milliseconds::default(),
        };
        Self {
            agent: key.agent.into(),
            numbers,
            bars: Bars::default(),
            curve: Curve::new(),
            report: None,
            deck,
            free_lanes: BinaryHeap::new(),
            lanes: 0,
            is_changed: true,
            told: Duration::ZERO,
        }
    }

    pub(super) fn has(&self, key: &Key) -> bool {
        // The agent first, since that is where most of them differ.
        *self.agent == *key.agent
            && self.numbers.address == key.address
            && self.numbers.site == *key.site
    }

    /// Whether a request of the same client that arrives now belongs to this run.
    pub(super) fn goes_on(&self, now: Duration) -> bool {
        let Numbers { run, in_flight, ended, .. } = &self.numbers;
        run.is_some()
            || *in_flight > 0
            || ended.is_none_or(|ended| now.saturating_sub(ended.0) < PAUSE)
    }

    pub(super) fn begin(&mut self, asked: &Asked, now: Duration) -> Begun {
        self.is_changed = true;
        let numbers = &mut self.numbers;
        if numbers.name.is_none() {
            numbers.name = person(asked.name);
        }
        numbers.requests += 1;
        numbers.in_flight += 1;
        numbers.largest_in_flight = numbers.largest_in_flight.max(numbers.in_flight);
        let in_flight = numbers.in_flight;
        self.curve.note(in_flight, self.since_start(now).0);
        let file = FlagFile::at(asked.path);
        let has_bar = self.bars.len() < BARS;
        let label = || Label::new(file, asked.path);
        Begun {
            run: self.numbers.id,
            at: now,
            bar: has_bar.then(|| self.begin_bar(label(), asked.thread, now)),
            card: self.deck.deal(file),
        }
    }

    pub(super) fn end(&mut self, begun: Begun, outcome: Outcome, now: Duration) {
        self.is_changed = true;
        let numbers = &mut self.numbers;
        numbers.ended = Some(Milliseconds(now));
        numbers.answered += 1;
        numbers.in_flight -= 1;
        numbers.sum_of_times.0 += now.saturating_sub(begun.at);
        let status = match outcome {
            Outcome::Answered { status, delay } => {
                // That there is no such flag is an answer, and no failure of the site.
                numbers.not_found += u64::from(status == 404);
                numbers.failed += u64::from(status >= 400 && status != 404);
                numbers.longest_delay.0 = numbers.longest_delay.0.max(delay);
                Some(status)
            }
            Outcome::GivenUp => {
                numbers.failed += 1;
                None
            }
        };
        let in_flight = numbers.in_flight;
        let end = self.since_start(now);
        self.curve.note(in_flight, end.0);
        if let Some(number) = begun.bar {
            let lane = self.bars.end(number, end, status);
            self.free_lanes.push(Reverse(lane));
        }
    }

    /// A run ends once, so that only the first report counts.
    pub(super) fn report(&mut self, report: Report) -> Reported {
        if self.report.is_some() {
            return Reported::Before;
        }
        self.is_changed = true;
        self.report = Some(report);
        Reported::Now
    }

    /// How many were in flight over time, for a run whose bars do not tell it.
    pub(super) fn in_flight_over_time(&self) -> Option<Vec<(Milliseconds, u32)>> {
        let has_all_bars = self.numbers.requests <= BARS as u64;
        let told = |(time, number)| (Milliseconds(time), number);
        (!has_all_bars).then(|| self.curve.points().into_iter().map(told).collect())
    }

    /// Whether it has changed and that should be told.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        let is_long = self.numbers.requests > BARS as u64;
        self.is_changed && (!is_long || now.saturating_sub(self.told) >= PERIOD_OF_LONG)
    }

    /// Up to now all is told.
    pub(super) fn forget_changes(&mut self, now: Duration) {
        self.told = now;
        if mem::take(&mut self.is_changed) {
            self.bars.forget_changes();
        }
    }

    /// Begins a bar in the lowest lane that is free, and returns its number.
    fn begin_bar(&mut self, label: Label, thread: Option<u16>, now: Duration) -> usize {
        let lane = self.free_lanes.pop().map_or(self.lanes, |Reverse(lane)| lane);
        self.lanes = self.lanes.max(lane + 1);
        let start = self.since_start(now);
        self.bars.begin(lane, label, thread, start)
    }

    fn since_start(&self, now: Duration) -> Milliseconds {
        Milliseconds(now.saturating_sub(self.numbers.started.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_takes_no_more_memory() {
        let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
        let key = Key { site, address, agent: b"flags-async/0.1.0 (run 8f3a2c)" };
        let mut run = Run::new(0, &key, Deck::new(None), Duration::ZERO);
        let asked = Asked { path: "/flags/br/br.gif", thread: None, name: b"" };
        for _ in 0..10_000 {
            let begun = run.begin(&asked, Duration::ZERO);
            run.end(begun, Outcome::GivenUp, Duration::ZERO);
        }
        assert_eq!((run.bars.len(), run.lanes, run.free_lanes.len()), (BARS, 1, 1));
    }
}
