//! The waterfall: a row for every flag on one axis of time, so that the way of waiting is
//! seen at first sight. One after another is a staircase, a pool has as many lanes as
//! threads, and on an event loop all bars begin at once. Below them a row for every
//! thread shows who works, which is the difference between the last two.

#[expect(clippy::cast_precision_loss, reason = "no run has 9,000,000,000,000,000 rows")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few rows")]
mod crowd;
mod marks;
#[expect(clippy::cast_precision_loss, reason = "no run has 9,000,000,000,000,000 rows")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few rows")]
pub(crate) mod svg;
#[expect(clippy::cast_precision_loss, reason = "a screen has a few hundred columns")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as before")]
pub(crate) mod terminal;

use std::time::Duration;

use flags_server::CountryCode;
use http::StatusCode;

use crate::report::streams::plural;
use crate::report::time_axis::{TimeAxis, in_words};
use crate::report::timeline::{Outcome, Stamps, Timeline, Times};
use crate::report::work::{self, Role};

/// What there is to draw. All moments are times since the run began.
#[derive(Debug)]
pub(crate) struct Waterfall {
    /// Those of one thread beside each other, in the order in which they were started.
    rows: Vec<Row>,
    /// By their numbers.
    threads: Vec<Thread>,
    /// How many flags have ended; more than there are rows in a run of very many.
    flags: usize,
    saved: usize,
    /// Of how many flags one has a row.
    every: usize,
    largest_in_flight: usize,
    elapsed: Duration,
    times: Times,
    cpu_time: Option<Duration>,
}

/// One flag.
#[derive(Debug, Clone)]
struct Row {
    code: CountryCode,
    /// The number of the thread that has downloaded it.
    thread: usize,
    started: Duration,
    /// The end, where no answer came.
    first_byte: Duration,
    ended: Duration,
    /// Why it was not downloaded.
    lost: Option<Lost>,
}

/// Why a flag was not downloaded.
#[derive(Debug, Clone)]
struct Lost {
    outcome: Outcome,
    /// What the site has answered, where that was an error.
    status: Option<StatusCode>,
    error: String,
}

/// One thread, and from when to when it worked for a flag.
#[derive(Debug)]
struct Thread {
    number: usize,
    role: Role,
    work: Vec<(Duration, Duration)>,
}

impl Waterfall {
    pub(crate) fn new(
        timeline: &Timeline,
        largest_in_flight: usize,
        elapsed: Duration,
        cpu_time: Option<Duration>,
    ) -> Self {
        let since_began = |moment| timeline.since_began(moment);
        let row = |stamps: &Stamps| {
            // A flag that was never started has no bar.
            let (started, thread) = stamps.started?;
            Some(Row {
                code: stamps.code,
                thread: thread.number,
                started: since_began(started),
                first_byte: since_began(stamps.waited_until()),
                ended: since_began(stamps.ended),
                lost: Lost::of(stamps),
            })
        };
        let mut rows: Vec<_> =
            timeline.in_order_of_start().into_iter().filter_map(row).collect();
        // It keeps the order of those of one thread.
        rows.sort_by_key(|row| row.thread);
        let threads = work::threads(timeline).into_iter().map(|(number, thread)| {
            let work = thread.spans.iter();
            let work = work.map(|&(from, to)| (since_began(from), since_began(to)));
            Thread { number, role: thread.role, work: work.collect() }
        });
        Self {
            rows,
            threads: threads.collect(),
            flags: timeline.flags(),
            saved: timeline.saved(),
            every: timeline.every(),
            largest_in_flight,
            elapsed,
            times: timeline.times(),
            cpu_time,
        }
    }

    fn time_axis(&self) -> TimeAxis {
        TimeAxis::new(self.elapsed)
    }

    /// How many flags were in flight, in a sentence.
    fn in_flight(&self) -> String {
        let (sum, elapsed) = (self.times.in_flight(), self.elapsed);
        format!(
            "{:.1} in flight on average, {} at most: {} of downloads in {}.",
            sum.div_duration_f64(elapsed.max(Duration::from_nanos(1))),
            self.largest_in_flight,
            in_words(sum),
            in_words(elapsed),
        )
    }

    /// How many threads there were, and how much they have worked.
    fn who_works(&self) -> String {
        let number =
            |role| self.threads.iter().filter(|thread| thread.role == role).count();
        let (downloaders, savers) = (number(Role::Downloads), number(Role::Saves));
        let threads = plural(downloaders, "thread");
        let savers = match savers {
            0 => String::new(),
            _ => format!(" and {savers} to save"),
        };
        let cpu = match self.cpu_time {
            None => String::new(),
            Some(time) => {
                format!(" · CPU {} of {}", short(time), in_words(self.elapsed))
            }
        };
        format!("{downloaders} {threads}{savers}{cpu}")
    }

    /// How the time of all places in flight was spent. What came to next to nothing is
    /// not named.
    fn where_time_went(&self) -> String {
        let shares = self.shares().into_iter().filter_map(|(kind, share)| {
            let (word, least) = match kind {
                Spent::Site => ("waiting for the site", 0.0005),
                Spent::Turn => ("for a turn", 0.005),
                Spent::Work => ("work", 0.0005),
                Spent::Idle => ("idle", 0.005),
            };
            // Where one thread does all the work, that is often less than 1 %.
            let decimals = usize::from(!(0.00995..0.99).contains(&share));
            (share >= least).then(|| format!("{:.decimals$} % {word}", share * 100.0))
        });
        let shares: Vec<_> = shares.collect();
        let (places, elapsed) = (self.largest_in_flight, in_words(self.elapsed));
        format!("{places} × {elapsed}: {}", shares.join(", "))
    }

    /// Which share of the time of all places in flight was spent with what.
    fn shares(&self) -> [(Spent, f64); 4] {
        let places = u32::try_from(self.largest_in_flight).unwrap_or(u32::MAX);
        let all = self.elapsed.saturating_mul(places).max(self.times.in_flight());
        let idle = all.saturating_sub(self.times.in_flight());
        let share =
            |time: Duration| time.div_duration_f64(all.max(Duration::from_nanos(1)));
        [
            (Spent::Site, share(self.times.site)),
            (Spent::Turn, share(self.times.turn)),
            (Spent::Work, share(self.times.work)),
            (Spent::Idle, share(idle)),
        ]
    }
}

/// What a place in flight does with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spent {
    /// Its flag waits for the first byte.
    Site,
    /// Its flag has come, and waits for the thread that saves it.
    Turn,
    /// Its flag is received, or saved.
    Work,
    /// It has no flag.
    Idle,
}

impl Lost {
    fn of(stamps: &Stamps) -> Option<Self> {
        let error = stamps.error.clone()?;
        let status = stamps.first_byte.map(|(_, status)| status);
        let status = status.filter(|status| !status.is_success());
        Some(Self { outcome: stamps.outcome, status, error })
    }

    /// Why, in a word that fits beside a bar.
    fn word(&self) -> String {
        match (self.outcome, self.status) {
            (Outcome::TimedOut, _) => "timed out".to_owned(),
            (Outcome::GivenUp, _) => "given up".to_owned(),
            (_, Some(status)) => status.as_str().to_owned(),
            (_, None) => "error".to_owned(),
        }
    }

    /// That there is no such flag is an answer, and no failure.
    fn is_failure(&self) -> bool {
        self.outcome != Outcome::NotFound
    }
}

/// A time that is mostly some milliseconds, of which nobody needs a tenth.
fn short(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds @ 0.01..0.1 => format!("{:.0} ms", seconds * 1e3),
        _ => in_words(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::waterfall;

    #[test]
    fn rows_of_a_thread_stand_together_in_the_order_of_their_start() {
        let rows: Vec<_> = waterfall()
            .rows
            .into_iter()
            .map(|row| (row.code.to_string(), row.thread, row.started.as_millis()))
            .collect();
        let expected = [("BR", 1, 0), ("CN", 1, 800), ("ZZ", 2, 200)];
        assert!(rows.iter().map(|(code, ..)| code).eq(expected.iter().map(|row| row.0)));
        assert!(
            rows.iter().map(|row| (row.1, row.2)).eq(expected.map(|row| (row.1, row.2)))
        );
    }

    #[test]
    fn what_it_says_is_counted_and_not_concluded() {
        let waterfall = waterfall();
        let in_flight =
            "1.4 in flight on average, 2 at most: 1.40 s of downloads in 1.00 s.";
        assert_eq!(waterfall.in_flight(), in_flight);
        assert_eq!(waterfall.who_works(), "2 threads · CPU 13 ms of 1.00 s");
        let spent = "2 × 1.00 s: 45 % waiting for the site, 25 % work, 30 % idle";
        assert_eq!(waterfall.where_time_went(), spent);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let nothing = Waterfall::new(&Timeline::new(), 0, Duration::ZERO, None);
        assert_eq!(nothing.who_works(), "0 threads");
        assert_eq!(nothing.where_time_went(), "0 × 0.0 ms: ");
    }
}
