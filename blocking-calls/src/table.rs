//! The table: for each rung what the book says, and below it what has been measured here.

use std::io::{self, Write};

use blocking_calls::figures::{Spread, count, felt, rounded, time, time_range};
use flags_common::program;

use crate::ladder::{Measured, NotMeasured};

/// How many cycles a processor does in a second in the book, which says that this is room
/// for 333,333,333 reads from the level 1 cache, of 3 cycles each.
const CYCLES_OF_THE_BOOK: f64 = 1e9;

/// A table that grows by one rung at a time, because some rungs take seconds to measure.
pub(crate) struct Table<W> {
    out: W,
    /// How long a cycle takes here, in nanoseconds.
    cycle: f64,
    /// What is to be said on standard error below the table.
    errors: Vec<String>,
}

impl<W: Write> Table<W> {
    /// Writes the head of the table.
    pub(crate) fn begin(mut out: W, cycle: f64) -> io::Result<Self> {
        writeln!(out, "One cycle takes {cycle:.3} ns here ({:.2} GHz).\n", 1.0 / cycle)?;
        let columns = columns(["cycles", "felt", "in one second"].map(str::to_owned));
        writeln!(out, "{:14}{columns}{:>8}{:>14}", "", "took", "middle half")?;
        Ok(Self { out, cycle, errors: Vec::new() })
    }

    /// Writes what the book says of a rung, measures it, and writes what came of that.
    pub(crate) fn rung(
        &mut self,
        name: &str,
        book: Option<f64>,
        measure: impl FnOnce() -> Result<Measured, NotMeasured>,
    ) -> io::Result<()> {
        let book = book.map_or(["–"; 3].map(str::to_owned), |cycles| {
            let times = (CYCLES_OF_THE_BOOK / cycles).floor();
            [count(cycles), felt(cycles), count(times)]
        });
        writeln!(self.out, "{name:8}  book{}", columns(book))?;
        let measured = measure();
        write!(self.out, "{:8}  here", "")?;
        match measured {
            Ok(Measured { spread: Spread { low, median, high }, remark }) => {
                let cycles = rounded(median / self.cycle);
                let here = columns([count(cycles), felt(cycles), in_one_second(median)]);
                let (took, half) = (time(median), time_range(low, high));
                writeln!(self.out, "{here}{took:>8}{half:>14}")?;
                if let Some(remark) = remark {
                    writeln!(self.out, "{:10}({remark})", "")?;
                }
                Ok(())
            }
            Err(reason) => {
                self.errors.push(format!("error: {name}: {reason}"));
                writeln!(self.out, "  cannot be measured here")
            }
        }
    }

    /// Writes what the columns mean, and on standard error why a rung is missing. Tells
    /// whether all of them could be measured.
    pub(crate) fn end(mut self) -> io::Result<bool> {
        writeln!(
            self.out,
            "\n\
             cycles: how many steps the processor could have done in the meantime\n\
             felt: how long that would be if each of these steps took a second\n\
             in one second: how many fit into it; those of the book do so at 1 GHz\n\
             took: the median of all measurements, of which half are in the middle half"
        )?;
        self.errors.iter().for_each(program::note);
        Ok(self.errors.is_empty())
    }
}

/// The columns that the book and this machine have in common.
fn columns([cycles, felt, in_one_second]: [String; 3]) -> String {
    format!("{cycles:>14}{felt:>11}{in_one_second:>15}")
}

/// How many times of this many nanoseconds fit into a second, one after another.
fn in_one_second(nanoseconds: f64) -> String {
    let times = 1e9 / nanoseconds;
    if times < 1.0 { "less than 1".to_owned() } else { count(rounded(times.floor())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that stand below the head, for a cycle of a quarter of a nanosecond.
    fn lines(
        name: &str,
        book: Option<f64>,
        measured: Result<Measured, NotMeasured>,
    ) -> Vec<String> {
        let mut out = Vec::new();
        let mut table = Table::begin(&mut out, 0.25).unwrap();
        table.rung(name, book, || measured).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().skip(3).map(str::to_owned).collect()
    }

    fn measured(nanoseconds: f64, remark: Option<&str>) -> Measured {
        let (low, high) = (nanoseconds * 0.9, nanoseconds * 1.1);
        let spread = Spread { low, median: nanoseconds, high };
        Measured { spread, remark: remark.map(str::to_owned) }
    }

    #[test]
    fn a_second_has_room_for_as_many_as_the_chapter_says() {
        for (name, cycles, line) in [
            ("L1 cache", 3.0, "L1 cache  book             3        3 s    333,333,333"),
            ("network", 240e6, "network   book   240,000,000  7.6 years              4"),
        ] {
            assert_eq!(lines(name, Some(cycles), Ok(measured(1.0, None)))[0], line);
        }
    }

    #[test]
    fn a_rung_that_is_not_in_the_book_has_no_figures_there() {
        let lines = lines("mutex", None, Ok(measured(10e6, Some("ours"))));
        let book: Vec<&str> = lines[0].split_whitespace().collect();
        assert_eq!(book, ["mutex", "book", "–", "–", "–"]);
        let here = "here    40,000,000  1.3 years            100 10.0 ms  9.00–11.0 ms";
        assert_eq!(lines[1].trim_start(), here);
        assert_eq!(lines[2], "          (ours)");
    }

    #[test]
    fn what_cannot_be_measured_has_the_figures_of_the_book() {
        let lines = lines("L2 cache", Some(14.0), Err(NotMeasured::SmallLevel2));
        assert!(lines[0].ends_with("14       14 s     71,428,571"), "{}", lines[0]);
        assert_eq!(lines[1], "          here  cannot be measured here");
    }

    #[test]
    fn what_takes_longer_than_a_second_is_not_done_once_in_it() {
        assert_eq!(in_one_second(1.36), "735,000,000");
        assert_eq!(in_one_second(189e6), "5");
        assert_eq!(in_one_second(1e9), "1");
        assert_eq!(in_one_second(1.1e9), "less than 1");
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        // From a part of a nanosecond to the longest that an answer may take.
        let times = (-1..=9).map(|exponent| 9.99 * 10_f64.powi(exponent));
        for nanoseconds in times {
            let lines = lines("L1 cache", Some(240e6), Ok(measured(nanoseconds, None)));
            for line in lines {
                // In a Korean font `–`, `µ` and `×` may take two columns each.
                let wide = line.chars().filter(|letter| !letter.is_ascii()).count();
                assert!(line.chars().count() + wide <= 79, "{line}");
            }
        }
    }
}
