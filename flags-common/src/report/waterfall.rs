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

    /// Round times for the axis, at most `most` of them, with their labels.
    fn ticks(&self, most: u32) -> Vec<(Duration, String)> {
        let elapsed = self.elapsed.as_secs_f64().max(1e-6);
        let enough = |step: &f64| elapsed / step < f64::from(most);
        let steps =
            (-6..).flat_map(|power| [1.0, 2.0, 5.0].map(|n| n * 10_f64.powi(power)));
        let step = { steps }.find(enough).expect("the steps grow without end");
        let (unit, per_second) = match elapsed {
            1.0.. => ("s", 1.0),
            1e-3.. => ("ms", 1e3),
            _ => ("µs", 1e6),
        };
        let decimals = usize::from(step * per_second < 1.0);
        let label = |seconds: f64| format!("{:.decimals$} {unit}", seconds * per_second);
        let times = (0..most).map(|number| f64::from(number) * step);
        times
            .take_while(|&time| time < elapsed)
            .map(|time| (Duration::from_secs_f64(time), label(time)))
            .collect()
    }

    /// Where a moment stands on an axis of a length: from 0 to that length.
    fn place(&self, moment: Duration, length: f64) -> f64 {
        // A run that is over before the clock has moved has all its flags at the left.
        let elapsed = self.elapsed.max(Duration::from_nanos(1));
        moment.div_duration_f64(elapsed).min(1.0) * length
    }
}

/// A time with the digits that matter.
fn in_words(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds @ 0.1.. => format!("{seconds:.2} s"),
        seconds => format!("{:.1} ms", seconds * 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn ticks_are_round_and_never_too_many() {
        let ticks = |milliseconds, most| {
            let elapsed = Duration::from_micros(milliseconds);
            let ticks = Waterfall { elapsed, ..waterfall() }.ticks(most);
            ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(ticks(1_300_000, 6), "0.0 s, 0.5 s, 1.0 s");
        assert_eq!(
            ticks(1_300_000, 8),
            "0.0 s, 0.2 s, 0.4 s, 0.6 s, 0.8 s, 1.0 s, 1.2 s"
        );
        assert_eq!(ticks(7_220_000, 6), "0 s, 2 s, 4 s, 6 s");
        assert_eq!(ticks(52_000, 4), "0 ms, 20 ms, 40 ms");
        assert_eq!(ticks(2_400, 5), "0.0 ms, 0.5 ms, 1.0 ms, 1.5 ms, 2.0 ms");
        assert_eq!(ticks(700, 4), "0 µs, 200 µs, 400 µs, 600 µs");
        assert_eq!(ticks(0, 4), "0 µs");
    }
}
