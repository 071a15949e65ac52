//! The axis of time below a picture of a run.

use std::time::Duration;

/// An axis from the beginning of a run to its end.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis {
    elapsed: Duration,
}

impl TimeAxis {
    /// The axis of a run that took this long.
    #[must_use]
    pub fn new(elapsed: Duration) -> Self {
        // A run that is over before the clock has moved has all it did at the left.
        Self { elapsed: elapsed.max(Duration::from_nanos(1)) }
    }

    /// Round times with their labels: at most `most` of them, which is at least 1, and at
    /// most 20.
    ///
    /// # Panics
    ///
    /// Never: some step is large enough for any time.
    #[must_use]
    pub fn ticks(&self, most: u32) -> Vec<(Duration, String)> {
        // With more, one digit after the point would not tell their labels apart.
        let most = most.min(20);
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

    /// Where a moment stands, which is a time since the beginning, on an axis of this
    /// length: from 0 to that length.
    #[must_use]
    pub fn place(&self, moment: Duration, length: f64) -> f64 {
        moment.div_duration_f64(self.elapsed).min(1.0) * length
    }
}

/// A time with the digits that matter.
#[must_use]
pub fn in_words(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds @ 0.1.. => format!("{seconds:.2} s"),
        seconds => format!("{:.1} ms", seconds * 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_never_too_many() {
        let ticks = |microseconds, most| {
            let ticks = TimeAxis::new(Duration::from_micros(microseconds)).ticks(most);
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
        for microseconds in [1_000_000, 1_300_000, 1_999_999, 1_000, 19_000] {
            let wide = ticks(microseconds, 100);
            let labels: Vec<_> = wide.split(", ").collect();
            assert!(labels.windows(2).all(|two| two[0] != two[1]), "{wide}");
        }
    }
}
