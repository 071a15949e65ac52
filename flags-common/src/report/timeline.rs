//! When what happened to every flag, and what that says about the way of waiting.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime};

use flags_server::CountryCode;
use http::StatusCode;

use super::worker::Worker;

/// How many flags keep their stamps. A picture of more shows nothing more, and without a
/// limit the record of a long run would take more memory than the run itself.
const MOST_STAMPS: usize = 10_000;

/// How the download of a flag ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The flag is on the disk, whole.
    Downloaded,
    /// The site has no such flag.
    NotFound,
    /// The site has answered with an error, or something else went wrong.
    Failed,
    /// It had not arrived within the time allowed.
    TimedOut,
    /// Whoever was to download it has ended without a result.
    GivenUp,
}

/// The moments in the life of one flag that has ended. A moment that was not reached,
/// because of an error before it, is `None`.
#[derive(Debug, Clone)]
pub(crate) struct Stamps {
    pub(crate) code: CountryCode,
    pub(crate) outcome: Outcome,
    /// Why it was not downloaded: as far as the flag knows, or as it was reported.
    pub(crate) error: Option<String>,
    pub(crate) is_reported: bool,
    pub(crate) url: String,
    /// When the example began to download it, and on which thread.
    pub(crate) started: Option<(Instant, Worker)>,
    /// When the status of the answer had arrived.
    pub(crate) first_byte: Option<(Instant, StatusCode)>,
    /// When the whole body had arrived, and how many bytes it has.
    pub(crate) complete: Option<(Instant, usize)>,
    /// When it was saved, or failed.
    pub(crate) ended: Instant,
    /// When it began to be saved, and by which thread.
    pub(crate) saver: Option<(Instant, Worker)>,
}

impl Stamps {
    /// Until when it was waited for the first byte of an image: to the end, where none
    /// came.
    pub(crate) fn waited_until(&self) -> Instant {
        match self.first_byte {
            Some((moment, status)) if status.is_success() => moment,
            _ => self.ended,
        }
    }

    fn lacks_report(&self) -> bool {
        self.outcome != Outcome::Downloaded && !self.is_reported
    }
}

/// What flags have spent their times in flight with, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Until the first byte came.
    pub(crate) site: Duration,
    /// Until somebody who had other flags to save began to save this one.
    pub(crate) turn: Duration,
    /// Receiving and saving.
    pub(crate) work: Duration,
}

impl Times {
    fn add(&mut self, stamps: &Stamps) {
        let Some((started, _)) = stamps.started else { return };
        let first_byte = stamps.waited_until();
        let turn = match (stamps.complete, stamps.saver) {
            (Some((complete, _)), Some((began, _))) => began - complete,
            _ => Duration::ZERO,
        };
        self.site += first_byte - started;
        self.turn += turn;
        self.work += (stamps.ended - first_byte).saturating_sub(turn);
    }

    /// How long they were in flight.
    pub(crate) fn in_flight(&self) -> Duration {
        self.site + self.turn + self.work
    }
}

/// The record of all flags that have ended.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// The moment from which times are counted, by the clock that never jumps and by the
    /// one that knows the date.
    zero: (Instant, SystemTime),
    flags: usize,
    saved: usize,
    times: Times,
    downloaders: HashSet<Worker>,
    savers: HashSet<Worker>,
    stamps: Vec<Stamps>,
    /// Of how many flags one has its stamps kept.
    every: usize,
}

impl Timeline {
    /// The record of a run that begins now.
    pub(crate) fn new() -> Self {
        Self {
            zero: (Instant::now(), SystemTime::now()),
            flags: 0,
            saved: 0,
            times: Times::default(),
            downloaders: HashSet::new(),
            savers: HashSet::new(),
            stamps: Vec::new(),
            every: 1,
        }
    }

    /// Adds a flag that has ended.
    pub(crate) fn add(&mut self, stamps: Stamps) {
        self.times.add(&stamps);
        self.saved += usize::from(stamps.outcome == Outcome::Downloaded);
        self.downloaders.extend(stamps.started.map(|(_, thread)| thread));
        self.savers.extend(stamps.saver.map(|(_, thread)| thread));
        if self.flags % self.every == 0 {
            if self.stamps.len() == MOST_STAMPS {
                self.keep_every_second();
            }
            self.stamps.push(stamps);
        }
        self.flags += 1;
    }

    /// Adds why a flag was not downloaded, in the words of who has got the error. Which
    /// of several copies it was does not matter.
    pub(crate) fn add_reason(
        &mut self,
        code: CountryCode,
        outcome: Outcome,
        reason: String,
    ) {
        let mut stamps = self.stamps.iter_mut();
        let unreported =
            |stamps: &&mut Stamps| stamps.code == code && stamps.lacks_report();
        // In a very long run, whose stamps are only a sample, it may not be there.
        if let Some(stamps) = stamps.find(unreported) {
            stamps.outcome = outcome;
            stamps.error = Some(reason);
            stamps.is_reported = true;
        }
    }

    /// The flags of which nothing has been told, and which the site has not refused.
    pub(crate) fn abandoned(&self) -> Vec<CountryCode> {
        let refused = |stamps: &Stamps| {
            stamps.first_byte.is_some_and(|(_, status)| !status.is_success())
        };
        let stamps = self.stamps.iter().filter(|stamps| stamps.lacks_report());
        stamps.filter(|stamps| !refused(stamps)).map(|stamps| stamps.code).collect()
    }

    /// When the run began.
    pub(crate) fn began(&self) -> Instant {
        self.zero.0
    }

    /// How long after that a moment in the run was.
    pub(crate) fn since_began(&self, moment: Instant) -> Duration {
        moment.saturating_duration_since(self.zero.0)
    }

    /// The date and time of a moment in the run. A clock that stands before 1970, as on a
    /// board without a battery, is taken for one at its beginning: no format has others.
    pub(crate) fn date(&self, moment: Instant) -> SystemTime {
        self.zero.1.max(SystemTime::UNIX_EPOCH) + self.since_began(moment)
    }

    /// How many flags have ended.
    pub(crate) fn flags(&self) -> usize {
        self.flags
    }

    /// How many of them were downloaded.
    pub(crate) fn saved(&self) -> usize {
        self.saved
    }

    /// What all flags have spent their times in flight with.
    pub(crate) fn times(&self) -> Times {
        self.times
    }

    /// Of how many flags one has its stamps kept.
    pub(crate) fn every(&self) -> usize {
        self.every
    }

    /// The threads that sent the requests.
    pub(crate) fn downloaders(&self) -> &HashSet<Worker> {
        &self.downloaders
    }

    /// The threads that saved flags.
    pub(crate) fn savers(&self) -> &HashSet<Worker> {
        &self.savers
    }

    /// The flags in the order in which they were started: all of them, or every n-th in a
    /// run of very many.
    pub(crate) fn in_order_of_start(&self) -> Vec<&Stamps> {
        let mut stamps: Vec<_> = self.stamps.iter().collect();
        stamps.sort_by_key(|stamps| stamps.started.map(|(started, _)| started));
        stamps
    }

    fn keep_every_second(&mut self) {
        let mut number = 0;
        self.stamps.retain(|_| {
            number += 1;
            number % 2 == 1
        });
        self.every *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{by, code, stamps, timeline};

    #[test]
    fn times_add_up_and_threads_are_counted_once() {
        let mut timeline = timeline(&[("BR", (0, 5)), ("CN", (5, 7)), ("ID", (2, 9))]);
        let began = timeline.began();
        timeline.add(by(2, stamps("IN", began, (0, 1))));
        timeline.add(Stamps { started: None, ..stamps("US", began, (0, 9)) });
        assert_eq!(timeline.times().in_flight(), Duration::from_millis(5 + 2 + 7 + 1));
        assert_eq!((timeline.flags(), timeline.downloaders().len()), (5, 2));
    }

    #[test]
    fn a_clock_before_1970_is_taken_for_1970() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(9);
        let timeline = Timeline { zero: (Instant::now(), before), ..Timeline::new() };
        let second = timeline.began() + Duration::from_secs(1);
        let date = humantime::format_rfc3339(timeline.date(second)).to_string();
        assert_eq!(date, "1970-01-01T00:00:01Z");
    }

    #[test]
    fn a_long_run_keeps_an_even_sample_and_exact_sums() {
        let mut timeline = Timeline::new();
        let began = timeline.began();
        let flags = 5 * MOST_STAMPS as u64;
        for start in 0..flags {
            timeline.add(stamps("BR", began, (start, start + 1)));
        }
        assert_eq!(timeline.flags() as u64, flags);
        assert_eq!(timeline.times().in_flight(), Duration::from_millis(flags));
        let started = timeline.stamps.iter().map(|stamps| stamps.started.unwrap().0);
        let every_eighth = (0..flags).step_by(8).map(Duration::from_millis);
        assert!(started.eq(every_eighth.map(|time| began + time)));
    }

    #[test]
    fn each_reason_goes_to_a_flag_of_its_country_that_has_none_yet() {
        let mut timeline = Timeline::new();
        let began = timeline.began();
        let failed = |country| Stamps {
            outcome: Outcome::Failed,
            error: Some("abandoned".to_owned()),
            first_byte: None,
            ..stamps(country, began, (0, 1))
        };
        for country in ["BR", "BR", "CN"] {
            timeline.add(failed(country));
        }
        let refused = Some((began, StatusCode::IM_A_TEAPOT));
        timeline.add(Stamps { first_byte: refused, error: None, ..failed("DE") });
        timeline.add(stamps("IN", began, (0, 1)));
        for reason in ["one", "two"] {
            timeline.add_reason(code("BR"), Outcome::TimedOut, reason.to_owned());
        }
        let reasons = timeline.stamps.iter().map(|stamps| stamps.error.as_deref());
        assert!(reasons.eq([Some("one"), Some("two"), Some("abandoned"), None, None]));
        assert_eq!(timeline.abandoned(), [code("CN")]);
    }
}
