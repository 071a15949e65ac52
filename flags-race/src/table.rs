//! The result as text: a table for each distance, and the same as bars.

use std::fmt::Write;
use std::time::Duration;

use flags_server::Latency;

use crate::contestant::{Contestant, Entry};
use crate::distance::Distance;
use crate::figures::{memory, time, times};
use crate::race::Race;
use crate::result::{Line, Results};
use crate::run::Run;

/// The width of the longest bar, in characters.
const BAR: f64 = 60.0;

/// All that is to be said of the race.
pub(crate) fn text(race: &Race, results: &[Results], runs: &[Run]) -> String {
    // After Ctrl-C there are distances that nobody has begun.
    let is_known = |results: &&Results| {
        results.lines.iter().any(|line| line.runs + line.failures > 0)
    };
    let known: Vec<&Results> = results.iter().filter(is_known).collect();
    let mut text = head(race);
    for results in &known {
        text += &table(results, runs);
    }
    if !known.is_empty() {
        text += "\nTime from the start of a process to its end:\n";
    }
    for results in &known {
        text += &bars(results);
    }
    text
}

/// What one has to know to judge the figures.
fn head(race: &Race) -> String {
    let mut lines = Vec::new();
    if cfg!(debug_assertions) {
        let warning = "This is a debug build, whose figures say little: add --release.";
        lines.push(format!("{warning}\n"));
    }
    lines.push(
        "Each program downloads and saves the same flags. Its whole process is timed.\n\
         seq has one request in flight; pool and async have all of them, up to 1000.\n\
         The limit is the largest delay: nobody can have all flags before it is over."
            .to_owned(),
    );
    let mut delays = format!("The delays are those of seed {} in each run", race.seed);
    if let Some(total) = race.scaled_to {
        delays += ", and are shorter for more\nflags, so that all of them together are ";
        delays += &about(total);
        delays += " or less on average";
    }
    lines.push(delays + ".");
    for Contestant { name, entry } in &race.contestants {
        if let Entry::Other(template) = entry {
            lines.push(format!("{name} is: {}", template.0));
        }
    }
    lines.join("\n") + "\n"
}

fn table(results: &Results, runs: &[Run]) -> String {
    let mut text =
        format!("\n{}, {}", flags(results.distance.flags), delays(&results.distance));
    if let Some(limit) = results.limit {
        // Writing to a string cannot fail.
        let _ = write!(text, ", at most {}", time(limit));
    }
    text.push('\n');
    text += &row(
        "",
        ["median", "fastest", "slowest", "speed-up", "limit"],
        ["in flight", "memory", "threads"],
    );
    for line in &results.lines {
        text += &row(
            &line.name,
            [
                line.seconds.map(|spread| time(spread.median)),
                line.seconds.map(|spread| time(spread.fastest)),
                line.seconds.map(|spread| time(spread.slowest)),
                line.speed_up.map(times),
                line.times_the_limit.map(times),
            ]
            .map(or_dash)
            .each_ref()
            .map(String::as_str),
            [
                line.largest_in_flight.map(|number| number.to_string()),
                line.peak_memory_bytes.map(memory),
                line.peak_threads.map(|number| number.to_string()),
            ]
            .map(or_dash)
            .each_ref()
            .map(String::as_str),
        );
        text += &failures(line, runs);
    }
    text
}

fn row(name: &str, times: [&str; 5], amounts: [&str; 3]) -> String {
    let mut text = format!("{name:8}");
    for column in times {
        let _ = write!(text, "{column:>9}");
    }
    for (column, width) in amounts.into_iter().zip([10, 9, 8]) {
        let _ = write!(text, "{column:>width$}");
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Why runs of a line do not count: each reason once, with the number of its runs.
fn failures(line: &Line, runs: &[Run]) -> String {
    let mut reasons: Vec<(&str, Vec<&Run>)> = Vec::new();
    for run in runs.iter().filter(|run| run.name == line.name && run.flags == line.flags)
    {
        let Some(reason) = &run.failure else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, runs)) => runs.push(run),
            None => reasons.push((reason, vec![run])),
        }
    }
    let all = line.runs + line.failures;
    let lines = reasons.iter().map(|(reason, runs)| {
        let first = if runs.len() == 1 { "" } else { "first " };
        let (number, round) = (runs.len(), runs[0].round);
        format!("  FAILED in {number} of {all} runs, {first}in round {round}: {reason}\n")
    });
    lines.collect()
}

/// The medians and the limit as bars, the longest of which has the full width.
fn bars(results: &Results) -> String {
    let medians = results.lines.iter().map(|line| {
        let without = if line.failures > 0 { "FAILED" } else { "–" };
        (line.name.as_str(), line.seconds.map(|spread| spread.median), without)
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
    let eighths = (share * BAR * 8.0).round().max(1.0) as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

fn delays(distance: &Distance) -> String {
    let mean = time(distance.mean().as_secs_f64());
    match distance.latency {
        Latency::Exponential { .. } => {
            format!("delays of {mean} on average (exponential)")
        }
        _ => format!("delays of {mean}"),
    }
}

/// `1 flag`, `20 flags`.
pub(crate) fn flags(number: usize) -> String {
    if number == 1 { "1 flag".to_owned() } else { format!("{number} flags") }
}

/// About how long something takes: `17 seconds`, `2.5 minutes`.
pub(crate) fn about(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.5 => "a second".to_owned(),
        seconds if seconds < 90.0 => format!("{seconds:.0} seconds"),
        seconds => format!("{:.1} minutes", seconds / 60.0),
    }
}

fn or_dash(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| "–".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::tests::{failed_run, results_of, run};

    #[test]
    fn a_line_tells_all_about_a_contestant() {
        let runs = [run("seq", 1, 6.0), run("async", 1, 0.6)];
        let table = table(&results_of(&runs), &runs);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines[1],
            "20 flags, delays of 359 ms on average (exponential), at most 500 ms"
        );
        let words: Vec<&str> = lines[4].split_whitespace().collect();
        let times = ["async", "600", "ms", "600", "ms", "600", "ms", "10.0×", "1.20×"];
        assert_eq!(words[..9], times);
        assert_eq!(words[9..], ["7", "8.0", "MB", "3"]);
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{table}");
    }

    #[test]
    fn failures_are_told_with_their_reason_and_are_not_in_the_figures() {
        let runs =
            [run("seq", 1, 6.0), failed_run("seq", 2, 0.1), failed_run("async", 1, 0.1)];
        let results = results_of(&runs);
        let table = table(&results, &runs);
        let reason = "only 3 of 20 flags were saved";
        assert!(table.contains(&format!("FAILED in 1 of 2 runs, in round 2: {reason}")));
        assert!(table.contains(&format!("FAILED in 1 of 1 runs, in round 1: {reason}")));
        assert!(!table.contains("100 ms"), "{table}");
        assert!(bars(&results).contains("async FAILED\n"), "{}", bars(&results));
    }

    #[test]
    fn each_kind_of_failure_has_its_own_number() {
        let failed = |round, reason: &str| {
            let failure = Some(reason.to_owned());
            Run { failure, ..failed_run("async", round, 0.1) }
        };
        let runs = [failed(1, "no disk"), failed(2, "no network"), failed(3, "no disk")];
        let table = table(&results_of(&runs), &runs);
        let failures: Vec<&str> =
            table.lines().filter(|line| line.contains("FAILED")).collect();
        assert_eq!(
            failures,
            [
                "  FAILED in 2 of 3 runs, first in round 1: no disk",
                "  FAILED in 1 of 3 runs, in round 2: no network",
            ]
        );
    }

    #[test]
    fn bars_are_as_long_as_what_they_stand_for() {
        assert_eq!(bar(1.0).chars().count(), 60);
        assert_eq!(bar(0.5).chars().count(), 30);
        assert_eq!(bar(1.0 / 70.0), "▉");
        assert_eq!(bar(0.0), "▏");
    }

    #[test]
    fn what_is_expected_is_told_roughly() {
        let texts =
            [0.2, 16.8, 150.0].map(|seconds| about(Duration::from_secs_f64(seconds)));
        assert_eq!(texts, ["a second", "17 seconds", "2.5 minutes"]);
    }
}
