//! What all runs of a contestant over one distance say together.

use std::cmp::max;

use crate::contestant::Contestant;
use crate::distance::Distance;
use crate::figures::Spread;
use crate::measure::Measured;
use crate::race::{Pairing, Race};
use crate::run::Run;
use crate::seen::Seen;

/// The results of all contestants over one distance.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    pub(crate) distance: &'a Distance,
    /// The largest delay that the site drew, in seconds: before it has passed, nobody can
    /// have all flags. `None` when there is no run that counts, or no delay.
    pub(crate) limit: Option<f64>,
    /// All delays one after another, in seconds, as the site has kept to them: before
    /// they have passed, nobody who asks for one flag at a time can have all.
    pub(crate) all_delays: Option<f64>,
    /// In the order of the contestants.
    pub(crate) lines: Vec<Line<'a>>,
}

/// The result of one contestant. Only runs that count are part of it, except for
/// `failed`, and `None` means that there is none.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) contestant: &'a Contestant,
    /// How many runs count.
    pub(crate) runs: usize,
    /// The runs that do not.
    pub(crate) failed: Vec<&'a Run>,
    pub(crate) seconds: Option<Spread>,
    /// How many times as fast as the sequential program.
    pub(crate) speed_up: Option<f64>,
    /// How many times as long as the limit.
    pub(crate) times_the_limit: Option<f64>,
    pub(crate) largest_in_flight: Option<u64>,
    pub(crate) peak_memory_bytes: Option<u64>,
    pub(crate) peak_threads: Option<u64>,
}

impl Results<'_> {
    /// False for a distance that nobody has begun before Ctrl-C.
    pub(crate) fn has_begun(&self) -> bool {
        self.lines.iter().any(|line| line.runs + line.failed.len() > 0)
    }
}

impl Line<'_> {
    /// Whether no flag was asked for before the one before it was there.
    pub(crate) fn waits_for_one_at_a_time(&self) -> bool {
        self.largest_in_flight == Some(1)
    }
}

/// The results of all distances, in their order.
pub(crate) fn results<'a>(race: &'a Race, runs: &'a [Run]) -> Vec<Results<'a>> {
    (0..race.distances.len()).map(|distance| of_distance(race, distance, runs)).collect()
}

fn of_distance<'a>(race: &'a Race, distance: usize, runs: &'a [Run]) -> Results<'a> {
    let pairings = || race.pairings_over(distance);
    // All of them meet the same delays. Only one that asks for a flag again meets more,
    // which are not needed, so the smallest is that of all the others.
    let smallest = |figure: fn(&Seen) -> f64| {
        let measured = pairings().flat_map(|pairing| counting(runs, pairing));
        let seconds = measured.filter_map(|measured| {
            let seconds = figure(measured.seen.as_ref().ok()?) / 1000.0;
            (seconds > 0.0).then_some(seconds)
        });
        seconds.min_by(f64::total_cmp)
    };
    let limit = smallest(|seen| seen.longest_delay);
    let sequential = pairings()
        .find(|&pairing| race.contestant(pairing).is_sequential())
        .and_then(|pairing| seconds(runs, pairing));
    let line = |pairing| {
        let measured = || counting(runs, pairing);
        let seen = || measured().filter_map(|measured| measured.seen.as_ref().ok());
        let seconds = seconds(runs, pairing);
        let median = seconds.map(|spread| spread.median);
        let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b?);
        let failed = of_pairing(runs, pairing).filter(|run| run.outcome.is_err());
        Line {
            contestant: race.contestant(pairing),
            runs: measured().count(),
            failed: failed.collect(),
            seconds,
            speed_up: ratio(sequential.map(|spread| spread.median), median),
            times_the_limit: ratio(median, limit),
            largest_in_flight: seen().map(|seen| seen.largest_in_flight).max(),
            peak_memory_bytes: measured()
                .map(|measured| measured.peak.memory)
                .fold(None, max),
            peak_threads: measured()
                .map(|measured| measured.peak.threads)
                .fold(None, max),
        }
    };
    let lines = pairings().map(line).collect();
    let distance = &race.distances[distance];
    Results { distance, limit, all_delays: smallest(|seen| seen.sum_of_times), lines }
}

fn of_pairing(runs: &[Run], pairing: Pairing) -> impl Iterator<Item = &Run> {
    runs.iter().filter(move |run| run.pairing == pairing)
}

/// What was measured in the runs of a pairing that count.
fn counting(runs: &[Run], pairing: Pairing) -> impl Iterator<Item = &Measured> {
    of_pairing(runs, pairing).filter_map(|run| run.outcome.as_ref().ok())
}

fn seconds(runs: &[Run], pairing: Pairing) -> Option<Spread> {
    Spread::of(counting(runs, pairing).map(|measured| measured.seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestant::Style;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    #[test]
    fn medians_are_compared_with_the_sequential_one_and_with_the_limit() {
        let runs = [
            run(SEQ, 1, 6.0),
            run(ASYNC, 1, 0.5),
            run(SEQ, 2, 6.2),
            run(ASYNC, 2, 9.9),
            run(SEQ, 3, 5.9),
            run(ASYNC, 3, 0.6),
        ];
        let race = race();
        let results = &results(&race, &runs)[0];
        assert_eq!(results.limit, Some(0.5));
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        let spread = Spread { fastest: 5.9, median: 6.0, slowest: 6.2 };
        assert_eq!((seq.seconds, seq.speed_up), (Some(spread), Some(1.0)));
        assert_eq!(event_loop.speed_up, Some(6.0 / 0.6));
        assert_eq!(event_loop.times_the_limit, Some(0.6 / 0.5));
        assert_eq!(event_loop.largest_in_flight, Some(7));
        assert_eq!((event_loop.runs, event_loop.failed.len()), (3, 0));
    }

    #[test]
    fn a_run_that_failed_is_no_part_of_a_median_however_fast_it_was() {
        let runs = [
            run(SEQ, 1, 6.0),
            run(ASYNC, 1, 0.6),
            failed_run(ASYNC, 2, "no disk"),
            failed_run(SEQ, 2, "no disk"),
        ];
        let race = race();
        let results = &results(&race, &runs)[0];
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        assert_eq!(seq.seconds.unwrap().fastest.to_string(), "6");
        assert_eq!(event_loop.speed_up, Some(6.0 / 0.6));
        assert_eq!((event_loop.runs, event_loop.failed.len()), (1, 1));
        assert_eq!(event_loop.failed[0].round, 2);
    }

    #[test]
    fn where_all_failed_there_are_no_figures() {
        let runs = [failed_run(SEQ, 1, "no disk"), run(ASYNC, 1, 0.6)];
        let race = race();
        let results = &results(&race, &runs)[0];
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        assert!(seq.seconds.is_none() && seq.peak_memory_bytes.is_none());
        assert!(event_loop.seconds.is_some() && event_loop.speed_up.is_none());
    }

    #[test]
    fn contestants_of_one_name_keep_their_own_runs() {
        let mut race = race();
        let mut other = Contestant::all(&[Style::Pool.into()], &[]).remove(0);
        other.name.clone_from(&race.contestants[SEQ].name);
        race.contestants[ASYNC] = other;
        let runs = [run(SEQ, 1, 6.0), run(ASYNC, 1, 0.6)];
        let lines = &results(&race, &runs)[0].lines;
        let spreads = [SEQ, ASYNC].map(|place| lines[place].seconds);
        assert_eq!(spreads, [Spread::of([6.0]), Spread::of([0.6])]);
    }
}
