//! Figures as people read them: three digits, a unit that fits, and how far they spread.

/// What many measurements of the same thing have in common.
///
/// The median and not the mean: one interruption by the system can take a thousand times
/// as long as the thing measured, and would be most of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// A quarter of all measurements are below this one.
    pub low: f64,
    /// Half of them are below this one.
    pub median: f64,
    /// Three quarters of them are below this one.
    pub high: f64,
}

impl Spread {
    /// The spread of `samples`; `None` when there are none.
    #[must_use]
    pub fn of(mut samples: Vec<f64>) -> Option<Self> {
        samples.sort_by(f64::total_cmp);
        let quarter = |number| samples.get(samples.len() * number / 4).copied();
        Some(Self { low: quarter(1)?, median: quarter(2)?, high: quarter(3)? })
    }
}

/// The units of time, by their length in nanoseconds.
const TIMES: [(f64, &str); 4] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];

/// A time in nanoseconds: `1.35 ns`, `89.4 µs`, `251 ms`, `1.02 s`.
#[must_use]
pub fn time(nanoseconds: f64) -> String {
    let (size, unit) = unit_of(nanoseconds, &TIMES);
    format!("{} {unit}", three_digits(nanoseconds / size))
}

/// From one time to a longer one, in nanoseconds: `1.35–1.36 ns`, `0.98–1.02 s`.
#[must_use]
pub fn time_range(from: f64, to: f64) -> String {
    let (size, unit) = unit_of(to, &TIMES);
    format!("{}–{} {unit}", three_digits(from / size), three_digits(to / size))
}

/// An amount of memory in bytes: `9.70 KB`, `8.98 GB`. A kilobyte is 1,024 bytes.
#[must_use]
pub fn memory(bytes: f64) -> String {
    let kilobyte = 1024.0;
    let units = [
        (kilobyte * kilobyte * kilobyte, "GB"),
        (kilobyte * kilobyte, "MB"),
        (kilobyte, "KB"),
        (1.0, "B"),
    ];
    let (size, unit) = unit_of(bytes, &units);
    format!("{} {unit}", three_digits(bytes / size))
}

/// What a number of cycles feels like when each takes a second: `14 s`, `1.3 years`.
#[must_use]
pub fn felt(cycles: f64) -> String {
    let (minute, hour, day, year) = (60.0, 3_600.0, 86_400.0, 31_557_600.0);
    match cycles {
        // The book counts in seconds up to here (*Fluent Python*, 1st ed., table 18-1).
        seconds if seconds < 1_000.0 => format!("{seconds:.0} s"),
        seconds if seconds < 2.0 * hour => format!("{:.0} minutes", seconds / minute),
        seconds if seconds < 2.0 * day => format!("{:.1} hours", seconds / hour),
        seconds if seconds < year => format!("{:.1} days", seconds / day),
        seconds if seconds < 100.0 * year => format!("{:.1} years", seconds / year),
        seconds => format!("{:.0} years", seconds / year),
    }
}

/// A whole number with commas: `41,000,000`.
#[must_use]
pub fn count(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The first three digits of a measured number: more of them would be noise.
#[must_use]
pub fn rounded(number: f64) -> f64 {
    let mut scale = 1.0;
    while number / scale >= 1_000.0 {
        scale *= 10.0;
    }
    (number / scale).round() * scale
}

/// The largest of `units` that leaves something of `number` before the point.
fn unit_of<'a>(number: f64, units: &[(f64, &'a str)]) -> (f64, &'a str) {
    let fits = |(size, _): &&(f64, &str)| number.abs() >= *size;
    let smallest = units.last().expect("each caller lists its units");
    *units.iter().find(fits).unwrap_or(smallest)
}

fn three_digits(number: f64) -> String {
    match number {
        large if large.abs() >= 99.95 => format!("{large:.0}"),
        medium if medium.abs() >= 9.995 => format!("{medium:.1}"),
        small => format!("{small:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_s_cycles_feel_as_in_the_book() {
        let cycles = [3.0, 14.0, 250.0, 41_000_000.0, 240_000_000.0];
        let expected = ["3 s", "14 s", "250 s", "1.3 years", "7.6 years"];
        assert_eq!(cycles.map(felt), expected);
    }

    #[test]
    fn what_feels_between_minutes_and_years_is_told_in_between() {
        assert_eq!(felt(5_400.0), "90 minutes");
        assert_eq!(felt(36_000.0), "10.0 hours");
        assert_eq!(felt(864_000.0), "10.0 days");
        assert_eq!(felt(3_688_000_000.0), "117 years");
    }

    #[test]
    fn times_and_memory_have_three_digits_and_a_unit() {
        let times = [0.2708, 1.354, 99.96, 89_412.0, 251.3e6, 1.02e9];
        let expected = ["0.27 ns", "1.35 ns", "100 ns", "89.4 µs", "251 ms", "1.02 s"];
        assert_eq!(times.map(time), expected);
        assert_eq!(time_range(1.354, 1.362), "1.35–1.36 ns");
        assert_eq!(time_range(983e6, 1.02e9), "0.98–1.02 s");
        assert_eq!(time_range(0.0, 0.0), "0.00–0.00 ns");
        let sizes = [0.0, 600.0, 9_933.0, 8_388_608.0, 9.6e9];
        let expected = ["0.00 B", "600 B", "9.70 KB", "8.00 MB", "8.94 GB"];
        assert_eq!(sizes.map(memory), expected);
    }

    #[test]
    fn large_numbers_are_rounded_and_have_commas() {
        let numbers = [5.0, 999.0, 1_000.0, 41_000_000.0];
        assert_eq!(numbers.map(count), ["5", "999", "1,000", "41,000,000"]);
        assert_eq!(count(rounded(335_712.3)), "336,000");
        assert_eq!(count(rounded(672.4)), "672");
    }

    #[test]
    fn one_interruption_does_not_move_the_spread() {
        let spread = Spread::of(vec![3.0, 1.0, 1e9, 2.0, 4.0]).unwrap();
        assert_eq!(spread, Spread { low: 2.0, median: 3.0, high: 4.0 });
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
