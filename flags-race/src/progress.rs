//! What is shown while the race goes on: on a terminal a table that fills, else a line
//! for each run. Both go to standard error, since only the result is worth keeping.

use std::time::Duration;

use flags_common::plural;
use flags_common::program::note;

use crate::figures::{Spread, about, flags, time};
use crate::race::{Pairing, Race};
use crate::run::Run;
use crate::terminal::Lines;

/// The progress of a race. Its table is taken away when this is dropped, since the result
/// has the same in full.
pub(crate) struct Progress {
    rounds: usize,
    /// The table on the screen; `None` when there is no terminal.
    screen: Option<Lines>,
    rows: Vec<Row>,
}

/// How far one pairing is.
struct Row {
    pairing: Pairing,
    name: String,
    flags: usize,
    /// Of the runs that count.
    seconds: Vec<f64>,
    failures: usize,
    /// How much time has passed in a run that has not ended yet.
    passed: Option<Duration>,
}

impl Progress {
    /// Says how long `race` is going to take, and shows that nothing has been run yet.
    pub(crate) fn begin(race: &Race) -> Self {
        let row = |pairing| Row {
            pairing,
            name: race.contestant(pairing).name.clone(),
            flags: race.distance(pairing).flags,
            seconds: Vec::new(),
            failures: 0,
            passed: None,
        };
        let rows: Vec<Row> = race.pairings().map(row).collect();
        let rounds = match race.rounds {
            1 => "One round".to_owned(),
            number => format!("{number} rounds"),
        };
        let (number, expected) = (rows.len(), about(race.expected()));
        let (runs, take) =
            (plural(number, "run"), if number == 1 { "takes" } else { "take" });
        note(format_args!("{rounds} of {number} {runs}, which {take} about {expected}."));
        let mut progress = Self { rounds: race.rounds, screen: Lines::on_stderr(), rows };
        progress.show();
        progress
    }

    /// Shows how much time has passed in a run that has not ended yet.
    pub(crate) fn look(&mut self, pairing: Pairing, passed: Duration) {
        self.row(pairing).passed = Some(passed);
        self.show();
    }

    /// Shows how a run has ended.
    pub(crate) fn end_run(&mut self, run: &Run) {
        let (round, rounds) = (run.round, self.rounds);
        let row = self.row(run.pairing);
        row.passed = None;
        let took = match &run.outcome {
            Ok(measured) => {
                row.seconds.push(measured.seconds);
                time(measured.seconds)
            }
            Err(failure) => {
                row.failures += 1;
                format!("FAILED: {}", failure.reason)
            }
        };
        let (flags, name) = (flags(row.flags), &row.name);
        let line = format!("round {round} of {rounds}, {flags}, {name}: {took}");
        match self.screen {
            Some(_) => self.show(),
            None => note(line),
        }
    }

    fn row(&mut self, pairing: Pairing) -> &mut Row {
        let row = self.rows.iter_mut().find(|row| row.pairing == pairing);
        row.expect("there is a row for every pairing of the race")
    }

    fn show(&mut self) {
        let Some(screen) = &mut self.screen else { return };
        let head = format!("{:21}{:>10}{:>10}{:>10}", "", "rounds", "last", "median");
        let rows = self.rows.iter().map(|row| row.text(self.rounds));
        let lines: Vec<String> = [head].into_iter().chain(rows).collect();
        screen.show(&lines);
    }
}

impl Row {
    fn text(&self, rounds: usize) -> String {
        let Self { name, seconds, failures, .. } = self;
        let done = format!("{} of {rounds}", seconds.len() + failures);
        let median = Spread::of(seconds.iter().copied()).map(|spread| spread.median);
        let [last, median] = [seconds.last().copied(), median]
            .map(|figure| figure.map_or_else(String::new, time));
        let failed = match failures {
            0 => String::new(),
            _ => format!("  {failures} FAILED"),
        };
        let now = self.passed.map_or_else(String::new, |passed| {
            format!("  now {:.1} s", passed.as_secs_f64())
        });
        let flags = flags(self.flags);
        format!("{flags:>11} {name:9}{done:>10}{last:>10}{median:>10}{failed}{now}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_how_far_a_contestant_is() {
        let mut row = Row {
            pairing: Pairing { distance: 0, contestant: 0 },
            name: "async".to_owned(),
            flags: 194,
            seconds: Vec::new(),
            failures: 0,
            passed: None,
        };
        let words =
            |row: &Row| row.text(5).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&row), "194 flags async 0 of 5");
        row.passed = Some(Duration::from_millis(140));
        row.seconds.push(0.3);
        row.seconds.push(0.2);
        row.failures = 1;
        let expected = "194 flags async 3 of 5 200 ms 250 ms 1 FAILED now 0.1 s";
        assert_eq!(words(&row), expected);
    }
}
