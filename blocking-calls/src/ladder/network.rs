//! The network, measured as the round trip of a request.
//!
//! The connection is open already, so what is timed goes there and back only once: from
//! the request to the head of the answer.

use std::time::{Duration, Instant};

use blocking_calls::check_threads;
use blocking_calls::figures::Spread;
use flags_common::{FlagServer, Profile, is_loopback};
use ureq::Agent;

use super::NotMeasured;

/// How many requests are timed.
const REQUESTS: usize = 11;

/// With a seed, any one, the site's delays are the same whenever this is measured.
const SEED: u64 = 2477;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// One round trip to `url`. Without it, to the embedded flag site, which waits as long
/// before it answers as a site on the far side of a network would.
pub fn round_trip(url: Option<&str>) -> Result<Spread, NotMeasured> {
    // The client looks up a host name on a thread, and would panic without one.
    check_threads().map_err(NotMeasured::NoThread)?;
    let mut config = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        // Whatever the answer says, it has made one round trip.
        .http_status_as_error(false)
        .max_redirects(0);
    let site;
    let url = if let Some(url) = url {
        url.to_owned()
    } else {
        site = FlagServer::start(Profile::Book.behaviour(), Some(SEED))
            .map_err(NotMeasured::Site)?;
        format!("{}/br/br.gif", site.url())
    };
    if is_loopback(&url) {
        config = config.proxy(None);
    }
    let agent: Agent = config.build().into();
    let samples: Result<Vec<f64>, ureq::Error> =
        (0..=REQUESTS).map(|_| time_request(&agent, &url)).collect();
    let mut samples =
        samples.map_err(|cause| NotMeasured::NoAnswer { url: url.clone(), cause })?;
    // The first one has opened the connection.
    samples.remove(0);
    Ok(Spread::of(samples).expect("there are samples"))
}

/// The time from a request to the head of its answer, in nanoseconds.
fn time_request(agent: &Agent, url: &str) -> Result<f64, ureq::Error> {
    let start = Instant::now();
    let mut answer = agent.get(url).call()?;
    let time = start.elapsed();
    // Only when the rest has been read can the connection be used again.
    answer.body_mut().read_to_vec()?;
    Ok(time.as_secs_f64() * 1e9)
}
