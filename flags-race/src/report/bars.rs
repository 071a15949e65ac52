//! The result as bars: what is twice as long took twice as long.

use std::fmt::Write;

use crate::figures::{flags, time};
use crate::result::Results;

/// The width of the longest bar, in characters.
const WIDTH: f64 = 60.0;

/// The medians and the limit of one distance, the longest of which has the full width.
pub(crate) fn text(results: &Results) -> String {
    let medians = results.lines.iter().map(|line| {
        let without = if line.failed.is_empty() { "–" } else { "FAILED" };
        (line.contestant.name.as_str(), line.seconds.map(|spread| spread.median), without)
    });
    let limit = results.limit.map(|limit| ("limit", Some(limit), ""));
    let rows: Vec<_> = medians.chain(limit).collect();
    let longest = rows.iter().filter_map(|row| row.1).fold(0.0, f64::max);
    let mut text = format!("{}\n", flags(results.distance.flags));
    for (name, seconds, without) in rows {
        let bar = match seconds {
            Some(seconds) => format!("{} {}", bar(seconds / longest), time(seconds)),
            None => without.to_owned(),
        };
        let _ = writeln!(text, "{name:>8} {bar}");
    }
    text
}

/// A bar for a share of the full width, exact to an eighth of a character.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

    #[expect(clippy::cast_possible_truncation, reason = "the share is at most 1")]
    #[expect(clippy::cast_sign_loss, reason = "the share is not negative")]
    let eighths = (share * WIDTH * 8.0).round().max(1.0) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::results;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    #[test]
    fn bars_are_as_long_as_what_they_stand_for() {
        assert_eq!(bar(1.0).chars().count(), 60);
        assert_eq!(bar(0.5).chars().count(), 30);
        assert_eq!(bar(1.0 / 70.0), "▉");
        assert_eq!(bar(0.0), "▏");
    }

    #[test]
    fn what_failed_has_no_bar() {
        let (race, runs) = (race(), [run(SEQ, 1, 6.0), failed_run(ASYNC, 1, "no disk")]);
        let text = text(&results(&race, &runs)[0]);
        let lines: Vec<&str> = text.lines().collect();
        let full = "█".repeat(60);
        assert_eq!(lines[..2], ["20 flags", &format!("     seq {full} 6.00 s")]);
        assert_eq!(lines[2..], ["   async FAILED", "   limit █████ 500 ms"]);
    }
}
