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
use flags_common::program;

use crate::binaries::Binaries;
use crate::distance::Distance;
use crate::running;
use crate::seen::{History, Seen};

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
    #[error("the site cannot be started: {}", program::in_words(.0))]
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
        let child = running::start(&mut command)?;
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
            let seen = serde_json::from_str::<History>(&text)?.together();
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

impl Drop for Site {
    fn drop(&mut self) {
        // Both fail only where the site has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        running::has_ended(self.child.id());
    }
}
