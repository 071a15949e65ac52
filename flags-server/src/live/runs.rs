//! Which runs there were, and what happened in each of them.
//!
//! Nothing here knows a clock or a lock: every moment is given, as the time since the
//! server started, so that tests decide what time it is.

mod bar;
mod bars;
mod client;
mod curve;
mod json;
mod milliseconds;
mod report;
mod run;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod told;

use std::collections::VecDeque;
use std::time::Duration;

use flags_server::{Deck, Outcome};

pub(crate) use self::client::{Asked, Key};
pub(crate) use self::milliseconds::Milliseconds;
pub(crate) use self::report::{LONGEST as LONGEST_REPORT, Report};
use self::run::Run;
pub(crate) use self::run::{Begun, Reported};
pub(crate) use self::told::{Everything, Forgotten};

/// How many runs are kept. A class of 30 fits, and the memory has a bound.
const RUNS: usize = 50;
/// How long runs that were cleared can be brought back.
pub(crate) const UNDO: Duration = Duration::from_secs(10);

/// The latest runs, the oldest first. Their ids have no gaps.
#[derive(Debug)]
pub(crate) struct Runs {
    /// What every run deals its cards from.
    seed: Option<u64>,
    latest: VecDeque<Run>,
    /// Those that were cleared a moment ago and can still be brought back. They come
    /// before the latest, without a gap.
    cleared: Option<Cleared>,
    next_id: u64,
    /// The oldest run that a reader of the changes can know.
    oldest_told: u64,
}

#[derive(Debug)]
struct Cleared {
    runs: VecDeque<Run>,
    until: Duration,
}

impl Runs {
    /// Every run gets a deck of its own with this `seed`, so that runs can be compared:
    /// the one that is the fastest was not only lucky.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, latest: VecDeque::new(), cleared: None, next_id: 0, oldest_told: 0 }
    }

    pub(crate) fn begin(&mut self, key: &Key, asked: &Asked, now: Duration) -> Begun {
        let index = self.index_for(key, now);
        self.latest[index].begin(asked, now)
    }

    /// Nothing happens where the run is not kept any more.
    pub(crate) fn end(&mut self, begun: Begun, outcome: Outcome, now: Duration) {
        // Not by its place: whether it has been cleared or not, it goes on.
        let mut kept = self.kept();
        if let Some(run) = kept.find(|run| run.numbers.id == begun.run) {
            run.end(begun, outcome, now);
        }
    }

    /// Adds what a program says of its run.
    pub(crate) fn report(&mut self, key: &Key, report: Report) -> Reported {
        match self.kept().find(|run| run.has(key)) {
            Some(run) => run.report(report),
            None => Reported::NoSuchRun,
        }
    }

    /// Hides all runs, and forgets them later.
    pub(crate) fn clear(&mut self, now: Duration) {
        let mut runs = self.cleared.take().map_or_else(VecDeque::new, |past| past.runs);
        runs.append(&mut self.latest);
        self.cleared = Some(Cleared { runs: last(runs), until: now + UNDO });
        self.forget_changes(now);
    }

    /// Brings back the runs that were cleared, as long as they are kept. Returns whether
    /// there was anything to undo.
    pub(crate) fn undo(&mut self, now: Duration) -> bool {
        self.forget_cleared(now);
        let Some(Cleared { mut runs, .. }) = self.cleared.take() else { return false };
        runs.append(&mut self.latest);
        self.latest = last(runs);
        self.forget_changes(now);
        true
    }

    /// Forgets what was cleared too long ago to be brought back.
    pub(crate) fn forget_cleared(&mut self, now: Duration) {
        self.cleared.take_if(|cleared| cleared.until <= now);
    }

    /// What changed up to now is no change any more.
    pub(crate) fn forget_changes(&mut self, now: Duration) {
        self.oldest_told = self.oldest();
        self.latest.iter_mut().for_each(|run| run.forget_changes(now));
    }

    /// Everything, as JSON, which is written from now on.
    pub(crate) fn everything(&self) -> Everything {
        Everything::new(self.oldest()..self.next_id)
    }

    /// What changed and was not told yet, as JSON, if anything is to be told now.
    pub(crate) fn take_changes(&mut self, now: Duration) -> Option<Vec<u8>> {
        let removed: Vec<_> = (self.oldest_told..self.oldest()).collect();
        self.oldest_told = self.oldest();
        let due = self.latest.iter().filter(|run| run.is_due(now));
        let text = told::changes(due, &removed, now)?;
        let due = self.latest.iter_mut().filter(|run| run.is_due(now));
        due.for_each(|run| run.forget_changes(now));
        Some(text)
    }

    /// All runs that are kept, the newest first.
    fn kept(&mut self) -> impl Iterator<Item = &mut Run> {
        let cleared = self.cleared.iter_mut().flat_map(|cleared| &mut cleared.runs);
        cleared.chain(&mut self.latest).rev()
    }

    /// The run with an id, while it is kept and shown.
    fn get(&mut self, id: u64) -> Option<&mut Run> {
        let index = id.checked_sub(self.oldest())?;
        self.latest.get_mut(usize::try_from(index).ok()?)
    }

    /// The id of the oldest run, or of the next where there is none.
    fn oldest(&self) -> u64 {
        self.latest.front().map_or(self.next_id, |run| run.numbers.id)
    }

    /// The place of the run that a request belongs to, which may begin with it.
    fn index_for(&mut self, key: &Key, now: Duration) -> usize {
        // From the newest on: with few runs this is faster than a table of them, and
        // where a client has two runs, the newer is the one to go on.
        let latest = self.latest.iter().rposition(|run| run.has(key));
        if let Some(index) = latest.filter(|&index| self.latest[index].goes_on(now)) {
            return index;
        }
        if self.latest.len() == RUNS {
            self.latest.pop_front();
        }
        let run = Run::new(self.next_id, key, Deck::new(self.seed), now);
        self.latest.push_back(run);
        self.next_id += 1;
        self.latest.len() - 1
    }
}

/// The newest of them, as many as are kept.
fn last(mut runs: VecDeque<Run>) -> VecDeque<Run> {
    runs.drain(..runs.len().saturating_sub(RUNS));
    runs
}
