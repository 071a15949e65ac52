//! What is shown while the race goes on: on a terminal a table that fills, else a line
//! for each run. Both go to standard error, since only the result is worth keeping.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::contestant::Contestant;
use crate::distance::Distance;
use crate::figures::{Spread, time};
use crate::race::{Race, note};
use crate::run::Run;
use crate::table::{about, flags};

/// The progress of a race.
pub(crate) struct Progress {
    rounds: usize,
    /// The table on the screen; `None` when there is no terminal.
    screen: Option<ProgressBar>,
    rows: Vec<Row>,
}

/// One contestant over one distance.
struct Row {
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
        let row = |distance: &Distance, contestant: &Contestant| Row {
            name: contestant.name.clone(),
            flags: distance.flags,
            seconds: Vec::new(),
            failures: 0,
            passed: None,
        };
        let rows = race.distances.iter().flat_map(|distance| {
            race.contestants.iter().map(move |contestant| row(distance, contestant))
        });
        let rows: Vec<Row> = rows.collect();
        let rounds = match race.rounds {
            1 => "One round".to_owned(),
            number => format!("{number} rounds"),
        };
        let (runs, expected) = (rows.len(), about(race.expected()));
        note(format_args!("{rounds} of {runs} runs, which take about {expected}."));
        let screen = io::stderr().is_terminal().then(|| {
            // Not a bar: the template has no place for one, only for our own table.
            let style = ProgressStyle::with_template("{msg}").expect("this one is right");
            ProgressBar::new_spinner().with_style(style)
        });
        let progress = Self { rounds: race.rounds, screen, rows };
        progress.show();
        progress
    }

    /// Shows how much time has passed in a run that has not ended yet.
    pub(crate) fn look(
        &mut self,
        contestant: &Contestant,
        distance: &Distance,
        passed: Duration,
    ) {
        if let Some(row) = self.row(&contestant.name, distance.flags) {
            row.passed = Some(passed);
        }
        self.show();
    }

    /// Shows how a run has ended.
    pub(crate) fn end_run(&mut self, run: &Run) {
        if self.screen.is_none() {
            let took = match &run.failure {
                None => time(run.seconds),
                Some(reason) => format!("FAILED: {reason}"),
            };
            let (round, rounds, flags) = (run.round, self.rounds, flags(run.flags));
            note(format_args!(
                "round {round} of {rounds}, {flags}, {}: {took}",
                run.name
            ));
        }
        if let Some(row) = self.row(&run.name, run.flags) {
            row.passed = None;
            match run.failure {
                None => row.seconds.push(run.seconds),
                Some(_) => row.failures += 1,
            }
        }
        self.show();
    }

    /// Takes the table away, since the result has the same in full.
    pub(crate) fn end(self) {
        if let Some(screen) = self.screen {
            screen.finish_and_clear();
        }
    }

    fn row(&mut self, name: &str, flags: usize) -> Option<&mut Row> {
        self.rows.iter_mut().find(|row| row.name == name && row.flags == flags)
    }

    fn show(&self) {
        let Some(screen) = &self.screen else { return };
        let head = format!("{:21}{:>10}{:>10}{:>10}", "", "rounds", "last", "median");
        let rows = self.rows.iter().map(|row| row.text(self.rounds));
        screen.set_message(head + &rows.collect::<String>());
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
        format!("\n{flags:>11} {name:9}{done:>10}{last:>10}{median:>10}{failed}{now}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_how_far_a_contestant_is() {
        let mut row = Row {
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
