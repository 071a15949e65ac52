//! When what happened to every flag, and what that says about the way of waiting.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::{Duration, Instant, SystemTime};

use http::StatusCode;

use crate::flag::Outcome;

/// How many flags keep their stamps. A picture of more shows nothing more, and without a
/// limit the record of a long run would take more memory than the run itself.
const MOST_STAMPS: usize = 10_000;

/// The moments in the life of one flag that has ended. A moment that was not reached,
/// because of an error before it, is `None`.
#[derive(Debug, Clone)]
pub(crate) struct Stamps {
    pub(crate) outcome: Outcome,
    /// Why it was not downloaded.
    pub(crate) error: Option<String>,
    pub(crate) url: String,
    /// When the example began to download it, and on which thread.
    pub(crate) started: Option<(Instant, ThreadId)>,
    /// When the status of the answer had arrived.
    pub(crate) first_byte: Option<(Instant, StatusCode)>,
    /// When the whole body had arrived, and how many bytes it has.
    pub(crate) complete: Option<(Instant, usize)>,
    /// When it was saved, or failed.
    pub(crate) ended: Instant,
}

impl Stamps {
    /// How long it was in flight.
    fn time_in_flight(&self) -> Duration {
        self.started.map_or(Duration::ZERO, |(started, _)| self.ended - started)
    }
}

/// The record of all flags that have ended.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// The moment from which times are counted, by the clock that never jumps and by the
    /// one that knows the date.
    zero: (Instant, SystemTime),
    flags: usize,
    sum_of_times: Duration,
    threads: HashSet<ThreadId>,
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
            sum_of_times: Duration::ZERO,
            threads: HashSet::new(),
            stamps: Vec::new(),
            every: 1,
        }
    }

    /// Adds a flag that has ended.
    pub(crate) fn add(&mut self, stamps: Stamps) {
        self.sum_of_times += stamps.time_in_flight();
        self.threads.extend(stamps.started.map(|(_, thread)| thread));
        if self.flags % self.every == 0 {
            if self.stamps.len() == MOST_STAMPS {
                self.keep_every_second();
            }
            self.stamps.push(stamps);
        }
        self.flags += 1;
    }

    /// When the run began.
    pub(crate) fn began(&self) -> Instant {
        self.zero.0
    }

    /// How long after that a moment in the run was.
    pub(crate) fn since_began(&self, moment: Instant) -> Duration {
        moment.saturating_duration_since(self.zero.0)
    }

    /// The date and time of a moment in the run.
    pub(crate) fn date(&self, moment: Instant) -> SystemTime {
        self.zero.1 + self.since_began(moment)
    }

    /// How many flags have ended.
    pub(crate) fn flags(&self) -> usize {
        self.flags
    }

    /// The times that all flags were in flight, added up.
    pub(crate) fn sum_of_times(&self) -> Duration {
        self.sum_of_times
    }

    /// The number of threads that took a part in the downloading.
    pub(crate) fn threads(&self) -> usize {
        self.threads.len()
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

/// How many flags are in flight. Apart from the rest of the record, since every flag
/// writes here twice, and must not wait for the console that others write to.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    now: AtomicUsize,
    largest: AtomicUsize,
}

impl InFlight {
    pub(crate) fn one_more(&self) {
        // The counts guard no other data, so they need no stronger ordering.
        let now = 1 + self.now.fetch_add(1, Ordering::Relaxed);
        self.largest.fetch_max(now, Ordering::Relaxed);
    }

    pub(crate) fn one_less(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    /// The largest number that was in flight at the same moment.
    pub(crate) fn largest(&self) -> usize {
        self.largest.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::thread;

    use flags_server::CountryCode;

    use super::*;

    /// A flag in flight on this thread from the first to the second moment, which are in
    /// milliseconds since `began`; its first byte arrives in the middle.
    pub(crate) fn stamps(code: &str, began: Instant, (start, end): (u64, u64)) -> Stamps {
        let at = |milliseconds| began + Duration::from_millis(milliseconds);
        Stamps {
            outcome: Outcome::Downloaded(CountryCode::new(code).unwrap()),
            error: None,
            url: format!("http://site/flags/{code}"),
            started: Some((at(start), thread::current().id())),
            first_byte: Some((at(start.midpoint(end)), StatusCode::OK)),
            complete: Some((at(end), 2000)),
            ended: at(end),
        }
    }

    /// The record of flags that were in flight in these spans of time.
    pub(crate) fn timeline(flags: &[(&str, (u64, u64))]) -> Timeline {
        let mut timeline = Timeline::new();
        for &(code, span) in flags {
            timeline.add(stamps(code, timeline.began(), span));
        }
        timeline
    }

    #[test]
    fn times_add_up_and_threads_are_counted_once() {
        let mut timeline = timeline(&[("BR", (0, 5)), ("CN", (5, 7)), ("ID", (2, 9))]);
        let began = timeline.began();
        let elsewhere = thread::spawn(move || stamps("IN", began, (0, 1)));
        timeline.add(elsewhere.join().unwrap());
        timeline.add(Stamps { started: None, ..stamps("US", began, (0, 9)) });
        assert_eq!(timeline.sum_of_times(), Duration::from_millis(5 + 2 + 7 + 1));
        assert_eq!((timeline.flags(), timeline.threads()), (5, 2));
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
        assert_eq!(timeline.sum_of_times(), Duration::from_millis(flags));
        let started = timeline.stamps.iter().map(|stamps| stamps.started.unwrap().0);
        let every_eighth = (0..flags).step_by(8).map(Duration::from_millis);
        assert!(started.eq(every_eighth.map(|time| began + time)));
    }

    #[test]
    fn the_largest_number_in_flight_is_kept() {
        let in_flight = InFlight::default();
        for _ in 0..3 {
            in_flight.one_more();
        }
        in_flight.one_less();
        in_flight.one_less();
        in_flight.one_more();
        assert_eq!(in_flight.largest(), 3);
    }
}
