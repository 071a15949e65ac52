//! What the site tells of a run: sums, each request, and what the program itself has told
//! of its threads at its end.

use serde::{Deserialize, Serialize};

/// What the site saw of a run. Times are in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Seen {
    pub(crate) requests: u64,
    /// Requests that have ended, however.
    pub(crate) answered: u64,
    /// Answers that were errors, and requests that were given up.
    pub(crate) failed: u64,
    #[serde(skip_serializing)]
    pub(crate) in_flight: u64,
    pub(crate) largest_in_flight: u64,
    /// The largest delay that the site drew, before which nobody can have all flags.
    pub(crate) longest_delay: f64,
    /// The times of all requests, from their arrival to their answer, added up.
    pub(crate) sum_of_times: f64,
    /// Since the site was started.
    #[serde(default, skip_serializing)]
    pub(crate) started: f64,
    /// The requests one by one: the first thousand, more are not told.
    #[serde(default, skip_serializing)]
    pub(crate) bars: Vec<Bar>,
    /// What only our downloaders tell.
    #[serde(default, skip_serializing)]
    pub(crate) report: Option<Report>,
}

/// One request. Times are in milliseconds since the first one of the run.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Bar {
    /// What was asked for: `BR`.
    pub(crate) label: String,
    pub(crate) start: f64,
    /// When the site began to answer; `None` where the client went away before.
    pub(crate) end: Option<f64>,
    pub(crate) status: Option<u16>,
    /// Which thread of the program has sent it, counted from 1, if the program tells.
    #[serde(default)]
    pub(crate) thread: Option<u32>,
}

/// What a program tells of itself at its end. Times are in milliseconds since it asked
/// for its first flag, which is as long before the site sees a request as it takes to
/// open a connection.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Report {
    pub(crate) elapsed: f64,
    /// The time in which a processor has worked for the program, where that is known.
    #[serde(default)]
    pub(crate) cpu: Option<f64>,
    pub(crate) threads: Vec<Thread>,
    /// Whether there was more than could be told.
    #[serde(default)]
    pub(crate) truncated: bool,
}

/// One thread of a program.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Thread {
    /// `downloads`, or `saves` where it does nothing else.
    pub(crate) role: String,
    /// The beginning and the end of each time in which it was at work.
    pub(crate) work: Vec<(f64, f64)>,
}

/// What the site tells of all its clients.
#[derive(Debug, Deserialize)]
pub(crate) struct History {
    runs: Vec<Seen>,
}

impl History {
    /// All clients as one: a command may run several programs, and each has a history.
    pub(crate) fn together(mut self) -> Seen {
        let started = self.runs.iter().map(|run| run.started);
        let Some(started) = started.min_by(f64::total_cmp) else {
            return Seen::default();
        };
        // The threads of several programs are not those of one.
        let report = match &mut self.runs[..] {
            [only] => only.report.take(),
            _ => None,
        };
        let mut sum = self.runs.into_iter().fold(Seen::default(), |sum, mut run| {
            let later = run.started - started;
            for bar in &mut run.bars {
                bar.start += later;
                bar.end = bar.end.map(|end| end + later);
            }
            sum.with(run)
        });
        sum.bars.sort_by(|one, other| one.start.total_cmp(&other.start));
        Seen { started, report, ..sum }
    }
}

impl Seen {
    fn with(mut self, other: Self) -> Self {
        self.bars.extend(other.bars);
        Self {
            requests: self.requests + other.requests,
            answered: self.answered + other.answered,
            failed: self.failed + other.failed,
            in_flight: self.in_flight + other.in_flight,
            largest_in_flight: self.largest_in_flight.max(other.largest_in_flight),
            longest_delay: self.longest_delay.max(other.longest_delay),
            sum_of_times: self.sum_of_times + other.sum_of_times,
            ..self
        }
    }

    /// How many answers were what had been asked for.
    pub(crate) fn good(&self) -> u64 {
        self.answered.saturating_sub(self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(history: &str) -> Seen {
        serde_json::from_str::<History>(history).unwrap().together()
    }

    #[test]
    fn what_several_clients_did_adds_up() {
        let seen = seen(
            r#"{"now": 9.5, "runs": [
            {"id": 1, "requests": 3, "answered": 3, "failed": 1, "inFlight": 0,
             "largestInFlight": 2, "longestDelay": 20.5, "sumOfTimes": 31.0,
             "started": 100.0, "report": {"elapsed": 9.0, "cpu": 1.0, "threads": []},
             "bars": [{"label": "BR", "start": 7.5, "end": null, "status": null}]},
            {"id": 2, "requests": 1, "answered": 0, "failed": 0, "inFlight": 1,
             "largestInFlight": 1, "longestDelay": 40.0, "sumOfTimes": 0.0,
             "started": 105.0, "report": null,
             "bars": [{"label": "CN", "start": 0.0, "end": 2.0, "status": 200}]}]}"#,
        );
        let bar = |label: &str, start, end, status| {
            let (label, thread) = (label.to_owned(), None);
            Bar { label, start, end, status, thread }
        };
        let expected = Seen {
            requests: 4,
            answered: 3,
            failed: 1,
            in_flight: 1,
            largest_in_flight: 2,
            longest_delay: 40.0,
            sum_of_times: 31.0,
            started: 100.0,
            bars: vec![bar("CN", 5.0, Some(7.0), Some(200)), bar("BR", 7.5, None, None)],
            report: None,
        };
        assert_eq!(seen.good(), 2);
        assert_eq!(seen, expected);
    }

    #[test]
    fn what_a_program_tells_of_its_threads_is_taken_over() {
        let seen = seen(
            r#"{"runs": [{"requests": 1, "answered": 1, "failed": 0, "inFlight": 0,
             "largestInFlight": 1, "longestDelay": 1.0, "sumOfTimes": 1.0, "started": 0,
             "bars": [{"number": 0, "lane": 0, "label": "BR", "flag": null, "start": 0,
                       "end": 1.0, "status": 200, "thread": 3}],
             "report": {"elapsed": 2.5, "cpu": 0.5, "truncated": true, "threads": [
                {"role": "downloads", "work": [[0.0, 0.3], [1.0, 1.2]]},
                {"role": "saves", "work": []}]}}]}"#,
        );
        let Report { elapsed, cpu, threads, truncated } = seen.report.unwrap();
        assert!(truncated);
        assert_eq!((elapsed, cpu, seen.bars[0].thread), (2.5, Some(0.5), Some(3)));
        assert_eq!(threads[0].work, [(0.0, 0.3), (1.0, 1.2)]);
        assert_eq!(threads[1], Thread { role: "saves".to_owned(), work: Vec::new() });
    }
}
