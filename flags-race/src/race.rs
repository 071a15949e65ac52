//! The race: who runs when, and what is shown of it.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use flags_common::program::INTERRUPTED;
use flags_common::{OutputFile, OutputFileError};

use crate::binaries::{Binaries, BinariesError};
use crate::chart;
use crate::command_line::Arguments;
use crate::contestant::Contestant;
use crate::distance::Distance;
use crate::interrupt::{self, asked_to_stop};
use crate::json;
use crate::progress::Progress;
use crate::result::results;
use crate::run::{self, Run};
use crate::table;

/// Who races over which distances, how often, and against which delays.
#[derive(Debug)]
pub(crate) struct Race {
    pub(crate) contestants: Vec<Contestant>,
    pub(crate) distances: Vec<Distance>,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
    /// About how long all delays of a run are together, where they are shorter for more
    /// flags.
    pub(crate) scaled_to: Option<Duration>,
}

/// Why there is no race, or no result of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RaceError {
    #[error(transparent)]
    Binaries(#[from] BinariesError),
    #[error(transparent)]
    OutputFile(#[from] OutputFileError),
    #[error("cannot listen for Ctrl-C: {0}")]
    CtrlC(#[from] ctrlc::Error),
    #[error("cannot draw the chart: {0}")]
    Chart(#[from] chart::ChartError),
    #[error("cannot write to standard output: {0}")]
    Stdout(io::Error),
}

/// Holds the race that the command line describes, and shows the result. The exit status
/// is 0 when all runs count, 1 when one does not, and 130 after Ctrl-C.
pub(crate) fn hold(arguments: &Arguments) -> Result<ExitCode, RaceError> {
    interrupt::listen()?;
    let prepare =
        |path: &Option<PathBuf>| path.as_deref().map(OutputFile::prepare).transpose();
    let (chart_file, json_file) = (prepare(&arguments.chart)?, prepare(&arguments.json)?);
    let binaries = match Binaries::find() {
        // Ctrl-C ends cargo as well, so it is not its fault.
        Err(_) if asked_to_stop() => return Ok(ExitCode::from(INTERRUPTED)),
        found => found?,
    };
    let race = Race {
        contestants: arguments.contestants(),
        distances: arguments.distances(),
        rounds: arguments.rounds(),
        seed: arguments.seed,
        scaled_to: arguments.scaled_to(),
    };
    let runs = race.run(&binaries);
    let results = results(&race.distances, &race.contestants, &runs);
    print(&table::text(&race, &results, &runs))?;
    if asked_to_stop() {
        note("Interrupted: the rest of the race was not run, and no file was written.");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    if let Some(file) = json_file {
        file.write(json::text(&race, &results, &runs).as_bytes())?;
    }
    if let Some(file) = chart_file {
        file.write(chart::svg(&results, race.scaled_to.is_some())?.as_bytes())?;
    }
    let all_count = runs.iter().all(|run| run.failure.is_none());
    Ok(ExitCode::from(u8::from(!all_count)))
}

/// Writes a line to standard error.
pub(crate) fn note(line: impl Display) {
    // When standard error is closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{line}");
}

impl Race {
    /// Holds all rounds, or as many as there are before Ctrl-C. Each of them goes over
    /// all distances, so that whatever else happens on the machine concerns all alike.
    fn run(&self, binaries: &Binaries) -> Vec<Run> {
        let mut progress = Progress::begin(self);
        let mut runs = Vec::new();
        for round in 0..self.rounds {
            for distance in &self.distances {
                for place in order(round, self.contestants.len()) {
                    let contestant = &self.contestants[place];
                    let look = |passed| progress.look(contestant, distance, passed);
                    let (seed, number) = (self.seed, round + 1);
                    let run =
                        run::run(binaries, contestant, distance, seed, number, look);
                    if asked_to_stop() {
                        progress.end();
                        return runs;
                    }
                    progress.end_run(&run);
                    runs.push(run);
                }
            }
        }
        progress.end();
        runs
    }

    /// About how long the whole race takes. How fast other programs are is not known; it
    /// is assumed that they wait for all flags at once.
    pub(crate) fn expected(&self) -> Duration {
        let one_round = self.distances.iter().flat_map(|distance| {
            let contestants = self.contestants.iter();
            contestants.map(|contestant| distance.expected(!contestant.is_sequential()))
        });
        u32::try_from(self.rounds).map_or(Duration::MAX, |rounds| {
            one_round.sum::<Duration>().saturating_mul(rounds)
        })
    }
}

/// The order of the contestants in one round.
///
/// It changes from round to round, because a processor that becomes warm, or a disk that
/// is still busy, is worse for the next one. They begin in turn, and the others follow in
/// a circle: in every second round forwards, else backwards, so that of three or more
/// nobody always follows the same one.
fn order(round: usize, contestants: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..contestants).collect();
    order.rotate_left(round % contestants.max(1));
    if round % 2 == 1 {
        if let [_first, others @ ..] = order.as_mut_slice() {
            others.reverse();
        }
    }
    order
}

/// Writes to standard output. A reader that has seen enough, as in `flags-race | head`,
/// is no error.
fn print(text: &str) -> Result<(), RaceError> {
    let mut stdout = io::stdout();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(RaceError::Stdout),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_take_part_in_every_round_and_begin_in_turn() {
        for contestants in 1..7 {
            for round in 0..20 {
                let order = order(round, contestants);
                let all: BTreeSet<usize> = order.iter().copied().collect();
                assert!(order.len() == contestants && all.len() == contestants);
                assert_eq!(order[0], round % contestants);
            }
        }
        assert_eq!(order(0, 3), [0, 1, 2]);
        assert_eq!(order(1, 3), [1, 0, 2]);
        assert_eq!(order(2, 3), [2, 0, 1]);
    }

    #[test]
    fn six_rounds_of_three_are_all_orders() {
        let orders: BTreeSet<_> = (0..6).map(|round| order(round, 3)).collect();
        assert_eq!(orders.len(), 6);
    }

    #[test]
    fn nobody_always_follows_the_same_one() {
        for contestants in 3..7 {
            let orders = (0..2 * contestants).map(|round| order(round, contestants));
            let orders: Vec<_> = orders.collect();
            for contestant in 0..contestants {
                let pairs = orders.iter().flat_map(|order| order.windows(2));
                let before = pairs.filter(|pair| pair[1] == contestant);
                let before: BTreeSet<usize> = before.map(|pair| pair[0]).collect();
                assert!(before.len() > 1, "{contestant} of {contestants}: {orders:?}");
            }
        }
    }
}
