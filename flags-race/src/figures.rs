//! How measured numbers are written, and which of several is the typical one.

use std::time::Duration;

use flags_common::plural;
use serde::Serialize;

/// What several runs of the same kind took, in seconds.
///
/// The median and not the mean, for one run that was interrupted by something else on
/// the machine would move the mean, but is no sign of how fast the program is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) fastest: f64,
    pub(crate) median: f64,
    pub(crate) slowest: f64,
}

impl Spread {
    /// The spread of `samples`; `None` when there are none.
    pub(crate) fn of(samples: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut samples: Vec<f64> = samples.into_iter().collect();
        samples.sort_by(f64::total_cmp);
        let (&fastest, &slowest) = (samples.first()?, samples.last()?);
        let middle = samples.len() / 2;
        let median = match samples.len() % 2 {
            0 => f64::midpoint(samples[middle - 1], samples[middle]),
            _ => samples[middle],
        };
        Some(Self { fastest, median, slowest })
    }
}

/// A time: `7.22 s`, `187 ms`, `8.4 ms`.
pub(crate) fn time(seconds: f64) -> String {
    match seconds * 1000.0 {
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 99_950.0 => format!("{seconds:.2} s"),
        _ => format!("{seconds:.0} s"),
    }
}

/// An amount of memory: `8.1 MB`. A megabyte is 1,048,576 bytes.
#[expect(clippy::cast_precision_loss, reason = "exact up to 9,000,000 GB")]
pub(crate) fn memory(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_048_576.0)
}

/// How many times as much: `5.6×`, `70×`.
pub(crate) fn times(ratio: f64) -> String {
    match ratio {
        small if small < 9.95 => format!("{small:.2}×"),
        large => format!("{large:.1}×"),
    }
}

/// `1 flag`, `20 flags`.
pub(crate) fn flags(number: usize) -> String {
    format!("{number} {}", plural(number, "flag"))
}

/// A small number as a word: `three`.
pub(crate) fn number_in_words(number: usize) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];
    words.get(number).map_or_else(|| number.to_string(), |&word| word.to_owned())
}

/// About how long something takes: `17 seconds`, `2.5 minutes`.
pub(crate) fn about(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.5 => "a second".to_owned(),
        seconds if seconds < 90.0 => format!("{seconds:.0} seconds"),
        seconds => format!("{:.1} minutes", seconds / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let spread = Spread::of([3.0, 1.0, 1e9]).unwrap();
        assert_eq!(spread, Spread { fastest: 1.0, median: 3.0, slowest: 1e9 });
        let spread = Spread::of([4.0, 1.0, 2.0, 3.0]).unwrap();
        assert_eq!(spread, Spread { fastest: 1.0, median: 2.5, slowest: 4.0 });
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn figures_have_a_unit_and_no_noise() {
        let times = [0.00841, 0.18749, 0.9999, 7.2249, 150.2].map(time);
        assert_eq!(times, ["8.4 ms", "187 ms", "1.00 s", "7.22 s", "150 s"]);
        assert_eq!(memory(8_493_466), "8.1 MB");
        assert_eq!([1.0, 5.561, 70.21].map(super::times), ["1.00×", "5.56×", "70.2×"]);
    }

    #[test]
    fn what_is_expected_is_told_roughly() {
        let texts =
            [0.2, 16.8, 150.0].map(|seconds| about(Duration::from_secs_f64(seconds)));
        assert_eq!(texts, ["a second", "17 seconds", "2.5 minutes"]);
    }
}
