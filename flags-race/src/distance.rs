//! How many flags are raced for, and how long the site makes each of them wait.
//!
//! With the delays of the book, 600 flags one after another would take four minutes. So
//! for more flags the delays are shorter, such that all of them together stay the same.
//! This is fair, since what is compared are programs that meet the same delays, and it
//! is strict: the work that a program does besides waiting does not get shorter.

use std::cmp::min;
use std::time::Duration;

use flags_server::Latency;

/// The mean of the delays that the book measured (*Fluent Python*, 1st ed., table 17-1).
const BOOK: Duration = Duration::from_millis(359);

/// A number of flags, and the delays of the site for them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distance {
    pub(crate) flags: usize,
    pub(crate) latency: Latency,
}

impl Distance {
    /// The distance for which all delays together are `total` on average, or less when
    /// those of the book are: shorter ones would hide what they cost.
    pub(crate) fn scaled(flags: usize, total: Duration) -> Self {
        let mean = min(BOOK, total.div_f64(count(flags)));
        // Tenths of a millisecond, since more digits make nothing clearer.
        let tenths = (mean.as_secs_f64() * 1e4).round().max(1.0);
        let mean = Duration::from_secs_f64(tenths / 1e4);
        Self { flags, latency: Latency::Exponential { mean } }
    }

    /// The mean of the delays.
    pub(crate) fn mean(&self) -> Duration {
        match self.latency {
            Latency::None => Duration::ZERO,
            Latency::Fixed(time) => time,
            Latency::Uniform { min, max } => (min + max) / 2,
            Latency::Exponential { mean } | Latency::Overload { mean, .. } => mean,
        }
    }

    /// The latency as the command line of the site takes it: `exp:0.359s`.
    pub(crate) fn latency_text(&self) -> String {
        // The command line reads no others, and the scaled ones are exponential.
        self.latency.text().expect("no race has uniform delays")
    }

    /// About how long it takes to download all, at most so many at once.
    pub(crate) fn expected(&self, at_once: usize) -> Duration {
        // A timer of the site is up to a millisecond late, and a process has to start.
        let late = Duration::from_millis(1);
        let start = Duration::from_millis(50);
        let shared = count(self.flags) / count(at_once.min(self.flags));
        let number = shared.max(self.largest_of_all());
        start + self.mean().mul_f64(number) + late.mul_f64(count(self.flags))
    }

    /// How many times as long as the mean the largest delay is. On average over many
    /// draws, the largest of `n` exponential numbers is 1 + 1/2 + 1/3 + … + 1/n means.
    fn largest_of_all(&self) -> f64 {
        match self.latency {
            Latency::Exponential { .. } => {
                (1..=self.flags).map(|number| 1.0 / count(number)).sum()
            }
            _ => 1.0,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no race has 2^52 flags")]
fn count(flags: usize) -> f64 {
    flags as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(flags: usize) -> Duration {
        Distance::scaled(flags, Duration::from_secs(9)).mean()
    }

    #[test]
    fn twenty_flags_have_the_delays_of_the_book_and_more_have_shorter_ones() {
        assert_eq!(mean(1), BOOK);
        assert_eq!(mean(20), BOOK);
        assert_eq!(mean(194), Duration::from_micros(46_400));
        assert_eq!(mean(600), Duration::from_millis(15));
    }

    #[test]
    fn the_site_is_told_the_latency_that_it_reads() {
        let scaled = Distance::scaled(194, Duration::from_secs(9));
        assert_eq!(scaled.latency_text(), "exp:0.0464s");
        assert_eq!(scaled.latency_text().parse(), Ok(scaled.latency));
    }

    #[test]
    fn what_is_expected_is_the_less_the_more_are_waited_for_at_once() {
        let latency = Latency::Fixed(Duration::from_millis(100));
        let distance = Distance { flags: 100, latency };
        let expected = [1, 2, 100, 101].map(|at_once| distance.expected(at_once));
        assert_eq!(expected, [10_150, 5150, 250, 250].map(Duration::from_millis));
    }
}
