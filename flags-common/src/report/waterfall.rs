//! The waterfall: a row for every flag on one axis of time, so that the way of waiting is
//! seen at first sight. One after another is a staircase, a pool has as many lanes as
//! threads, and on an event loop all bars begin at once.

#[expect(clippy::cast_precision_loss, reason = "no run has 9,000,000,000,000,000 rows")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few rows")]
pub(crate) mod svg;
#[expect(clippy::cast_precision_loss, reason = "a screen has a few hundred columns")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as before")]
pub(crate) mod terminal;

use std::collections::HashMap;
use std::time::Duration;

use flags_server::CountryCode;

use crate::report::time_axis::{TimeAxis, in_words};
use crate::report::timeline::{Stamps, Timeline};

/// What there is to draw. All moments are times since the run began.
#[derive(Debug)]
pub(crate) struct Waterfall {
    /// In the order in which the flags were started.
    rows: Vec<Row>,
    /// How many flags have ended; more than there are rows in a run of very many.
    flags: usize,
    largest_in_flight: usize,
    threads: usize,
    elapsed: Duration,
    sum_of_times: Duration,
}

/// One flag.
#[derive(Debug)]
struct Row {
    code: CountryCode,
    /// Threads are numbered from 1 on, in the order in which they took their first flag.
    thread: usize,
    started: Duration,
    /// The end, where no answer came.
    first_byte: Duration,
    ended: Duration,
    /// Why it was not downloaded.
    error: Option<String>,
}

impl Waterfall {
    pub(crate) fn new(
        timeline: &Timeline,
        largest_in_flight: usize,
        elapsed: Duration,
    ) -> Self {
        let mut numbers = HashMap::new();
        let row = |stamps: &Stamps| {
            // A flag that was never started has no bar.
            let (started, thread) = stamps.started?;
            let next = numbers.len() + 1;
            let since_began = |moment| timeline.since_began(moment);
            Some(Row {
                code: stamps.code,
                thread: *numbers.entry(thread).or_insert(next),
                started: since_began(started),
                first_byte: since_began(stamps.waited_until()),
                ended: since_began(stamps.ended),
                error: stamps.error.clone(),
            })
        };
        Self {
            rows: timeline.in_order_of_start().into_iter().filter_map(row).collect(),
            flags: timeline.flags(),
            largest_in_flight,
            threads: timeline.downloaders().len(),
            elapsed,
            sum_of_times: timeline.sum_of_times(),
        }
    }

    fn time_axis(&self) -> TimeAxis {
        TimeAxis::new(self.elapsed)
    }

    /// What the picture proves, in a sentence.
    fn summary(&self) -> String {
        let (sum, elapsed) = (self.sum_of_times, self.elapsed);
        format!(
            "At most {} in flight. {} of downloads took {}: a speed-up of {:.1}.",
            self.largest_in_flight,
            in_words(sum),
            in_words(elapsed),
            sum.div_duration_f64(elapsed),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::waterfall;

    #[test]
    fn rows_are_in_the_order_of_their_start_and_threads_are_numbered() {
        let rows: Vec<_> = waterfall()
            .rows
            .into_iter()
            .map(|row| (row.code.to_string(), row.thread, row.started.as_millis()))
            .collect();
        let expected = [("BR", 1, 0), ("ZZ", 2, 200), ("CN", 1, 800)];
        assert!(rows.iter().map(|(code, ..)| code).eq(expected.iter().map(|row| row.0)));
        assert!(
            rows.iter().map(|row| (row.1, row.2)).eq(expected.map(|row| (row.1, row.2)))
        );
    }

    #[test]
    fn the_summary_divides_the_sum_of_all_times_by_the_time_that_passed() {
        assert_eq!(
            waterfall().summary(),
            "At most 2 in flight. 1.40 s of downloads took 1.00 s: a speed-up of 1.4."
        );
    }
}
