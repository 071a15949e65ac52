//! Which runs there were, and what happened in each of them.
//!
//! Nothing here knows a clock or a lock: every moment is given, as the time since the
//! server started, so that tests decide what time it is.

mod bar;
mod client;
mod milliseconds;
mod run;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod told;

use std::collections::VecDeque;
use std::time::Duration;

use flags_server::{Deck, Outcome};
use serde::Serialize;

pub(crate) use self::client::Key;
pub(crate) use self::run::Begun;
use self::run::Run;

/// How many runs are kept. A class of 30 fits, and the memory has a bound.
const RUNS: usize = 50;

/// The latest runs, the oldest first. Their ids have no gaps.
#[derive(Debug, Clone)]
pub(crate) struct Runs {
    /// What every run deals its cards from.
    seed: Option<u64>,
    latest: VecDeque<Run>,
    next_id: u64,
    /// The oldest run that a reader of the changes can know.
    oldest_told: u64,
}

impl Runs {
    /// Every run gets a deck of its own with this `seed`, so that runs can be compared:
    /// the one that is the fastest was not only lucky.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self { seed, latest: VecDeque::new(), next_id: 0, oldest_told: 0 }
    }

    pub(crate) fn begin(&mut self, key: &Key, path: &str, now: Duration) -> Begun {
        let index = self.index_for(key, now);
        self.latest[index].begin(path, now)
    }

    /// Nothing happens where the run is not kept any more.
    pub(crate) fn end(&mut self, begun: Begun, outcome: Outcome, now: Duration) {
        let Some(index) = begun.run.checked_sub(self.oldest()) else { return };
        let index = usize::try_from(index).expect("there are few runs");
        if let Some(run) = self.latest.get_mut(index) {
            run.end(begun, outcome, now);
        }
    }

    /// Forgets all runs. Requests that are in flight are then ended in vain.
    pub(crate) fn clear(&mut self) {
        self.latest.clear();
        self.forget_changes();
    }

    /// What changed up to now is no change any more.
    pub(crate) fn forget_changes(&mut self) {
        self.oldest_told = self.oldest();
        self.latest.iter_mut().for_each(Run::forget_changes);
    }

    /// Everything, as JSON.
    pub(crate) fn everything(&self, sites: &impl Serialize, now: Duration) -> String {
        told::everything(self.latest.iter(), sites, now)
    }

    /// What changed since the last call, as JSON, if anything did.
    pub(crate) fn take_changes(&mut self, now: Duration) -> Option<String> {
        let removed = (self.oldest_told..self.oldest()).collect();
        let text = told::changes(self.latest.iter(), removed, now)?;
        self.forget_changes();
        Some(text)
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
