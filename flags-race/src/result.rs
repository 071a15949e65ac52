//! What all runs of a contestant over one distance say together.

use std::cmp::max;

use serde::Serialize;

use crate::contestant::Contestant;
use crate::distance::Distance;
use crate::figures::Spread;
use crate::run::Run;

/// The results of all contestants over one distance.
#[derive(Debug, Clone)]
pub(crate) struct Results {
    pub(crate) distance: Distance,
    /// The largest delay that the site drew, in seconds: before it has passed, nobody can
    /// have all flags. `None` when there is no run that counts, or no delay.
    pub(crate) limit: Option<f64>,
    /// In the order of the contestants.
    pub(crate) lines: Vec<Line>,
}

/// The result of one contestant. Only runs that count are part of it, except for
/// `failures`, and `None` means that there is none.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) flags: usize,
    /// How many runs count.
    pub(crate) runs: usize,
    /// How many runs do not.
    pub(crate) failures: usize,
    pub(crate) seconds: Option<Spread>,
    /// How many times as fast as the sequential program.
    pub(crate) speed_up: Option<f64>,
    /// How many times as long as the limit.
    pub(crate) times_the_limit: Option<f64>,
    pub(crate) largest_in_flight: Option<u64>,
    pub(crate) peak_memory_bytes: Option<u64>,
    pub(crate) peak_threads: Option<u64>,
}

/// The results of all distances, in their order.
pub(crate) fn results(
    distances: &[Distance],
    contestants: &[Contestant],
    runs: &[Run],
) -> Vec<Results> {
    distances.iter().map(|distance| of_distance(distance, contestants, runs)).collect()
}

fn of_distance(distance: &Distance, contestants: &[Contestant], runs: &[Run]) -> Results {
    let here: Vec<&Run> = runs.iter().filter(|run| run.flags == distance.flags).collect();
    let delays = here.iter().filter(|run| run.failure.is_none()).filter_map(|run| {
        let delay = run.site?.longest_delay / 1000.0;
        (delay > 0.0).then_some(delay)
    });
    // All of them meet the same delays. Only one that asks for a flag again meets more,
    // which are not needed, so the smallest is that of all the others.
    let limit = delays.min_by(f64::total_cmp);
    let sequential = contestants
        .iter()
        .find(|contestant| contestant.is_sequential())
        .and_then(|contestant| seconds(&here, contestant));
    let line = |contestant: &Contestant| {
        let good = || counting(&here, contestant);
        let all = here.iter().filter(|run| run.name == contestant.name).count();
        let seconds = seconds(&here, contestant);
        let median = seconds.map(|spread| spread.median);
        let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b?);
        Line {
            name: contestant.name.clone(),
            flags: distance.flags,
            runs: good().count(),
            failures: all - good().count(),
            seconds,
            speed_up: ratio(sequential.map(|spread| spread.median), median),
            times_the_limit: ratio(median, limit),
            largest_in_flight: good()
                .map(|run| run.site.map(|seen| seen.largest_in_flight))
                .fold(None, max),
            peak_memory_bytes: good().map(|run| run.peak_memory_bytes).fold(None, max),
            peak_threads: good().map(|run| run.peak_threads).fold(None, max),
        }
    };
    let lines = contestants.iter().map(line).collect();
    Results { distance: distance.clone(), limit, lines }
}

/// The runs of `contestant` that count.
fn counting<'a>(
    runs: &'a [&Run],
    contestant: &'a Contestant,
) -> impl Iterator<Item = &'a Run> {
    let runs = runs.iter().copied();
    runs.filter(|run| run.name == contestant.name && run.failure.is_none())
}

fn seconds(runs: &[&Run], contestant: &Contestant) -> Option<Spread> {
    Spread::of(counting(runs, contestant).map(|run| run.seconds))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use flags_server::Latency;

    use super::*;
    use crate::contestant::Style;
    use crate::site::Seen;

    /// A run of 20 flags over delays of at most half a second.
    pub(crate) fn run(name: &str, round: usize, seconds: f64) -> Run {
        let site = Seen {
            requests: 20,
            answered: 20,
            largest_in_flight: 7,
            longest_delay: 500.0,
            ..Seen::default()
        };
        Run {
            round,
            name: name.to_owned(),
            flags: 20,
            failure: None,
            seconds,
            exit_status: Some(0),
            saved: 20,
            peak_memory_bytes: Some(8 << 20),
            peak_threads: Some(3),
            site: Some(site),
        }
    }

    /// The same, but it does not count.
    pub(crate) fn failed_run(name: &str, round: usize, seconds: f64) -> Run {
        let failure = Some("only 3 of 20 flags were saved".to_owned());
        Run { failure, ..run(name, round, seconds) }
    }

    pub(crate) fn results_of(runs: &[Run]) -> Results {
        let latency = Latency::Exponential { mean: Duration::from_millis(359) };
        let distance = Distance { flags: 20, latency };
        let contestants = Contestant::all(&[Style::Seq, Style::Async], &[]);
        results(&[distance], &contestants, runs).remove(0)
    }

    #[test]
    fn medians_are_compared_with_the_sequential_one_and_with_the_limit() {
        let runs = [
            run("seq", 1, 6.0),
            run("async", 1, 0.5),
            run("seq", 2, 6.2),
            run("async", 2, 9.9),
            run("seq", 3, 5.9),
            run("async", 3, 0.6),
        ];
        let results = results_of(&runs);
        assert_eq!(results.limit, Some(0.5));
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        let spread = Spread { fastest: 5.9, median: 6.0, slowest: 6.2 };
        assert_eq!((seq.seconds, seq.speed_up), (Some(spread), Some(1.0)));
        assert_eq!(event_loop.speed_up, Some(6.0 / 0.6));
        assert_eq!(event_loop.times_the_limit, Some(0.6 / 0.5));
        assert_eq!(event_loop.largest_in_flight, Some(7));
        assert_eq!((event_loop.runs, event_loop.failures), (3, 0));
    }

    #[test]
    fn a_run_that_failed_is_no_part_of_a_median_however_fast_it_was() {
        let runs = [
            run("seq", 1, 6.0),
            run("async", 1, 0.6),
            failed_run("async", 2, 0.1),
            failed_run("seq", 2, 0.1),
        ];
        let results = results_of(&runs);
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        assert_eq!(seq.seconds.unwrap().fastest.to_string(), "6");
        assert_eq!(event_loop.speed_up, Some(6.0 / 0.6));
        assert_eq!((event_loop.runs, event_loop.failures), (1, 1));
    }

    #[test]
    fn where_all_failed_there_are_no_figures() {
        let results = results_of(&[failed_run("seq", 1, 0.1), run("async", 1, 0.6)]);
        let [seq, event_loop] = &results.lines[..] else { panic!("{results:?}") };
        assert!(seq.seconds.is_none() && seq.peak_memory_bytes.is_none());
        assert!(event_loop.seconds.is_some() && event_loop.speed_up.is_none());
    }
}
