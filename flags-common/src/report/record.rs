//! What has happened so far in a run: counts, times, and what to do about errors.

use std::collections::BTreeSet;
use std::thread::{self, ThreadId};

use super::failures::Failures;
use super::timeline::{Outcome, Stamps, Timeline};

/// The record of a run.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) downloaded: usize,
    pub(crate) not_found: usize,
    pub(crate) failed: usize,
    pub(crate) timeline: Timeline,
    /// The errors that have been reported.
    pub(crate) failures: Failures,
    /// What the reader can do about the errors, each only once.
    pub(crate) advice: BTreeSet<String>,
    /// The thread on which the example runs.
    pub(crate) main_thread: ThreadId,
    /// The site is a thread of this program.
    pub(crate) site_is_embedded: bool,
    /// The site is named by its host, whose address has to be looked up.
    pub(crate) site_is_looked_up: bool,
    /// Where the site is, without a user.
    pub(crate) site_url: String,
}

impl Record {
    /// The record of a run that begins now, on the calling thread.
    pub(crate) fn new(site_is_embedded: bool) -> Self {
        Self {
            downloaded: 0,
            not_found: 0,
            failed: 0,
            timeline: Timeline::new(),
            failures: Failures::default(),
            advice: BTreeSet::new(),
            main_thread: thread::current().id(),
            site_is_embedded,
            site_is_looked_up: false,
            site_url: String::new(),
        }
    }

    /// Adds a flag whose download is over.
    pub(crate) fn add(&mut self, stamps: Stamps) {
        match stamps.outcome {
            Outcome::Downloaded => self.downloaded += 1,
            Outcome::NotFound => self.not_found += 1,
            Outcome::Failed | Outcome::TimedOut | Outcome::GivenUp => self.failed += 1,
        }
        self.timeline.add(stamps);
    }

    /// Whether there were answers, and not a single flag among them.
    pub(crate) fn found_nothing(&self) -> bool {
        self.downloaded == 0 && self.not_found > 0
    }
}
