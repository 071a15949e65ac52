//! The network, measured as the round trip of a request.
//!
//! The connection is open already, so what is timed goes there and back only once: from
//! the request to the head of the answer.

use std::io;
use std::time::{Duration, Instant};

use blocking_calls::check_threads;
use flags_common::clients::ureq::ureq_agent_for;
use flags_common::{FlagError, without_user};
use flags_server::{FlagServer, Profile};
use ureq::Agent;

use super::{Measured, NotMeasured};

/// How many requests are timed.
const REQUESTS: usize = 11;

/// With a seed, any one, the site's delays are the same whenever this is measured.
const SEED: u64 = 2477;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One round trip to `url`. Without it, to the embedded flag site: there is no network in
/// between, and what takes the time is that the site waits before it answers, for times
/// like those that the book measured.
pub(crate) fn round_trip(url: Option<&str>) -> Result<Measured, NotMeasured> {
    // The client looks up a host name on a thread, and would panic without one.
    check_threads().map_err(NotMeasured::NoThread)?;
    if let Some(url) = url {
        return time_requests(url);
    }
    let site = FlagServer::start(Profile::Book.behaviour(), Some(SEED))
        .map_err(NotMeasured::Site)?;
    let remark = "the site's own delay and no network's: --url asks another site";
    let measured = time_requests(&format!("{}/br/br.gif", site.url()))?;
    Ok(Measured { remark: Some(remark.to_owned()), ..measured })
}

fn time_requests(url: &str) -> Result<Measured, NotMeasured> {
    let agent = ureq_agent_for(url, TIMEOUT, 1);
    let samples: Result<Vec<f64>, ureq::Error> =
        (0..=REQUESTS).map(|_| time_request(&agent, url)).collect();
    let mut samples = samples
        .map_err(FlagError::from)
        .map_err(|cause| NotMeasured::NoAnswer { url: without_user(url), cause })?;
    // The first one has opened the connection.
    samples.remove(0);
    Ok(Measured::new(samples))
}

/// The time from a request to the head of its answer, in nanoseconds.
fn time_request(agent: &Agent, url: &str) -> Result<f64, ureq::Error> {
    // Whatever the answer says, it has made one round trip.
    let request = agent.get(url);
    let start = Instant::now();
    let mut answer = request.call()?;
    let time = start.elapsed();
    // Only when the rest has been read can the connection be used again.
    io::copy(&mut answer.body_mut().as_reader(), &mut io::sink())?;
    Ok(time.as_secs_f64() * 1e9)
}
