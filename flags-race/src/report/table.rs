//! The result as text: what one has to know of the race, and a table for each distance.

use std::fmt::Write;

use flags_server::Latency;

use crate::contestant::{Contestant, Entry, Ours};
use crate::distance::Distance;
use crate::figures::{about, flags, memory, time, times};
use crate::race::Race;
use crate::result::{Line, Results};
use crate::run::{Failure, Run};

/// What one has to know to judge the figures.
pub(crate) fn head(race: &Race) -> String {
    let mut lines = Vec::new();
    if cfg!(debug_assertions) {
        let warning = "This is a debug build, whose figures say little: add --release.";
        lines.push(format!("{warning}\n"));
    }
    lines.push(
        "Each program downloads and saves the same flags. Its whole process is timed.\n\
         seq has one request in flight; pool and async have all of them, up to 1000.\n\
         The limit is the largest delay: nobody can have all flags before it is over.\n\
         Threads: seq and async wait on one, pool on one for each flag under way.\n\
         Another listens for Ctrl-C, and one tells the site of the run at its end;\n\
         async saves on one or two others, and pool hands out on one. The site is\n\
         another process, which is not counted."
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
        lines.extend(match entry {
            Entry::Other(template) => Some(format!("{name} is: {}", template.text())),
            Entry::Ours(Ours { at_once: Some(number), .. }) => {
                Some(format!("{name} has at most {number} requests in flight."))
            }
            Entry::Ours(_) => None,
        });
    }
    lines.join("\n") + "\n"
}

/// The table of one distance.
pub(crate) fn text(results: &Results) -> String {
    let mut text = format!("\n{}\n", heading(results));
    text += &row(
        "",
        ["median", "fastest", "slowest", "speed-up", "limit"],
        ["in flight", "memory", "threads"],
    );
    for line in &results.lines {
        text += &row(
            &line.contestant.name,
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
        text += &failures(line);
    }
    text
}

/// How many flags there are, and how long the site makes each of them wait.
pub(super) fn heading(results: &Results) -> String {
    let mut text =
        format!("{}, {}", flags(results.distance.flags), delays(results.distance));
    if let Some(limit) = results.limit {
        // Writing to a string cannot fail.
        let _ = write!(text, ", at most {}", time(limit));
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
fn failures(line: &Line) -> String {
    let mut reasons: Vec<(&str, Vec<&Run>)> = Vec::new();
    for &run in &line.failed {
        let Err(Failure { reason, .. }) = &run.outcome else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, runs)) => runs.push(run),
            None => reasons.push((reason, vec![run])),
        }
    }
    let all = line.runs + line.failed.len();
    let lines = reasons.iter().map(|(reason, runs)| {
        let first = if runs.len() == 1 { "" } else { "first " };
        let (number, round) = (runs.len(), runs[0].round);
        format!("  FAILED in {number} of {all} runs, {first}in round {round}: {reason}\n")
    });
    lines.collect()
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

fn or_dash(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| "–".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::result::results;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    fn table(runs: &[Run]) -> String {
        text(&results(&race(), runs)[0])
    }

    #[test]
    fn a_line_tells_all_about_a_contestant() {
        let table = table(&[run(SEQ, 1, 6.0), run(ASYNC, 1, 0.6)]);
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
    fn every_line_of_the_head_fits_on_a_screen() {
        let mut race = race();
        for scaled_to in [None, Some(Duration::from_secs(9))] {
            race.scaled_to = scaled_to;
            let head = head(&race);
            assert!(head.lines().all(|line| line.chars().count() <= 80), "{head}");
        }
    }

    #[test]
    fn failures_are_told_with_their_reason_and_are_not_in_the_figures() {
        let table = table(&[
            run(SEQ, 1, 6.0),
            failed_run(SEQ, 2, "no disk"),
            failed_run(ASYNC, 1, "no disk"),
        ]);
        assert!(
            table.contains("FAILED in 1 of 2 runs, in round 2: no disk\n"),
            "{table}"
        );
        assert!(
            table.contains("FAILED in 1 of 1 runs, in round 1: no disk\n"),
            "{table}"
        );
        assert!(!table.contains("100 ms"), "{table}");
    }

    #[test]
    fn each_kind_of_failure_has_its_own_number() {
        let table = table(&[
            failed_run(ASYNC, 1, "no disk"),
            failed_run(ASYNC, 2, "no network"),
            failed_run(ASYNC, 3, "no disk"),
        ]);
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
}
