//! The site of one run: a process of its own, which tells afterwards what it saw.
//!
//! Every run gets a new one with the same seed, so that all runs meet the same delays:
//! which one a request gets depends on how often its flag was asked for before. And what
//! a run leaves behind, such as connections that are being closed, does not slow down the
//! next one.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use flags_common::clients::ureq::ureq_agent_for;
use serde::{Deserialize, Serialize};

use crate::binaries::Binaries;
use crate::distance::Distance;
use crate::process::in_group_of_its_own;

/// The most that the site may take to tell what it saw.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running site. It is killed when this is dropped, so that none outlives its run.
#[derive(Debug)]
pub(crate) struct Site {
    child: Child,
    url: String,
}

/// Why a site is of no use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SiteError {
    #[error("the site cannot be started: {0}")]
    NotStarted(#[from] io::Error),
    #[error("the site does not say its address; its {0}")]
    NoAddress(std::process::ExitStatus),
    #[error("the site does not tell what it saw: {0}")]
    NotTold(#[from] ureq::Error),
    #[error("the site does not tell what it saw in a way that is understood: {0}")]
    NotUnderstood(#[from] serde_json::Error),
    #[error("the site does not tell what it saw; its answer has the status {0}")]
    NotFound(u16),
    #[error("the site still has requests in flight although the program has ended")]
    StillInFlight,
}

/// What the site saw of a run. Times are in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
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
}

/// What the site tells of all its clients.
#[derive(Debug, Deserialize)]
struct History {
    runs: Vec<Seen>,
}

impl Site {
    /// Starts a site, which can be reached as soon as this returns.
    pub(crate) fn start(
        binaries: &Binaries,
        distance: &Distance,
        seed: u64,
    ) -> Result<Self, SiteError> {
        let mut command = Command::new(binaries.path("flags-server"));
        command.args(["--port", "0", "--latency", &distance.latency_text()]);
        command.args(["--seed", &seed.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = in_group_of_its_own(&mut command).spawn()?;
        let mut site = Self { child, url: String::new() };
        if let Some(stdout) = site.child.stdout.take() {
            BufReader::new(stdout).read_line(&mut site.url)?;
        }
        site.url.truncate(site.url.trim_end().len());
        if site.url.is_empty() {
            return Err(SiteError::NoAddress(site.child.wait()?));
        }
        Ok(site)
    }

    /// The base URL of the flags.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What the site saw, once none of its requests is in flight any more. It may learn
    /// a moment later than its client that an answer has arrived.
    pub(crate) fn seen(&self) -> Result<Seen, SiteError> {
        let agent = ureq_agent_for(&self.url, PATIENCE, 1);
        let address = self.url.trim_end_matches("/flags");
        let address = format!("{address}/live/runs.json");
        let asked = Instant::now();
        loop {
            let mut answer = agent.get(&address).call()?;
            if !answer.status().is_success() {
                return Err(SiteError::NotFound(answer.status().as_u16()));
            }
            let text = answer.body_mut().with_config().limit(1 << 30).read_to_string()?;
            let history: History = serde_json::from_str(&text)?;
            let seen = history.runs.into_iter().fold(Seen::default(), Seen::with);
            if seen.in_flight == 0 {
                return Ok(seen);
            }
            if asked.elapsed() > PATIENCE {
                return Err(SiteError::StillInFlight);
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Seen {
    /// This and another: a command may run several programs, and each has a history.
    fn with(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            answered: self.answered + other.answered,
            failed: self.failed + other.failed,
            in_flight: self.in_flight + other.in_flight,
            largest_in_flight: self.largest_in_flight.max(other.largest_in_flight),
            longest_delay: self.longest_delay.max(other.longest_delay),
            sum_of_times: self.sum_of_times + other.sum_of_times,
        }
    }

    /// How many answers were what had been asked for.
    pub(crate) fn good(&self) -> u64 {
        self.answered.saturating_sub(self.failed)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Both fail only where the site has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_clients_did_adds_up() {
        let history = r#"{"now": 9.5, "runs": [
            {"id": 1, "requests": 3, "answered": 3, "failed": 1, "inFlight": 0,
             "largestInFlight": 2, "longestDelay": 20.5, "sumOfTimes": 31.0},
            {"id": 2, "requests": 1, "answered": 0, "failed": 0, "inFlight": 1,
             "largestInFlight": 1, "longestDelay": 40.0, "sumOfTimes": 0.0}]}"#;
        let history: History = serde_json::from_str(history).unwrap();
        let seen = history.runs.into_iter().fold(Seen::default(), Seen::with);
        let expected = Seen {
            requests: 4,
            answered: 3,
            failed: 1,
            in_flight: 1,
            largest_in_flight: 2,
            longest_delay: 40.0,
            sum_of_times: 31.0,
        };
        assert_eq!(seen, expected);
        assert_eq!(seen.good(), 2);
    }
}
