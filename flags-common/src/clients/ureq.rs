//! The settings and the errors of the blocking HTTP client.

use std::time::Duration;

use http::{Request, Response, Uri};
use ureq::config::{Config, ConfigBuilder};
use ureq::middleware::MiddlewareNext;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, SendBody};

use super::headers;
use crate::download::error::{BODY_LIMIT, FlagError, MAX_REDIRECTS};
use crate::download::flag::Flag;
use crate::download::job::Job;
use crate::download::site::is_loopback;
use crate::program::user_agent;

/// An agent for all flags of a run: it keeps their connections open and uses them again.
#[must_use]
pub fn ureq_agent(job: &Job) -> Agent {
    // In ureq's own order, whatever the scheme of the site is.
    job.heeds_proxy(&[
        "ALL_PROXY",
        "all_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
    ]);
    let name = job.name.clone();
    // It runs on the thread that sends the request, and so it can tell which one that is.
    let introduce = move |mut request: Request<SendBody>, next: MiddlewareNext| {
        request.headers_mut().extend(headers(name.as_ref()));
        next.handle(request)
    };
    let config = config(&job.base_url, job.timeout, job.concurrency());
    agent(config.middleware(introduce))
}

/// An agent for the site at `base_url`, for a program that has no [`Job`]: each of its
/// answers may take as long as `timeout`, and this many `connections` are kept open.
#[must_use]
pub fn ureq_agent_for(base_url: &str, timeout: Duration, connections: usize) -> Agent {
    agent(config(base_url, timeout, connections))
}

fn config(
    base_url: &str,
    timeout: Duration,
    connections: usize,
) -> ConfigBuilder<AgentScope> {
    let config = Agent::config_builder()
        .user_agent(user_agent())
        .timeout_global(Some(timeout))
        .max_redirects(MAX_REDIRECTS.into())
        // A status is an answer, and `read_body` says what it means.
        .http_status_as_error(false)
        .max_idle_connections(connections)
        .max_idle_connections_per_host(connections)
        // The default of 128 KiB a connection is for longer bodies than a flag's.
        .input_buffer_size(16 << 10)
        .output_buffer_size(4 << 10);
    if is_loopback(base_url) { config.proxy(None) } else { config }
}

fn agent(config: ConfigBuilder<AgentScope>) -> Agent {
    Agent::with_parts(
        config.build(),
        DefaultConnector::default(),
        NameResolver::default(),
    )
}

/// Reads the image of a flag, which has to be one by its status, its size and its
/// content.
///
/// # Errors
///
/// Those of [`read_body`], and [`FlagError::NotGif`].
pub fn read_image(flag: &Flag, response: Response<Body>) -> Result<Vec<u8>, FlagError> {
    flag.first_byte(response.status());
    flag.check_image(read_body(response)?)
}

/// Reads the body of an answer that has the status of a success.
///
/// # Errors
///
/// [`FlagError::NotFound`] and [`FlagError::Status`] for any other status,
/// [`FlagError::TooLarge`] for more than 1 MiB, and what can happen on the way.
pub fn read_body(mut response: Response<Body>) -> Result<Vec<u8>, FlagError> {
    FlagError::check_status(response.status())?;
    Ok(response.body_mut().with_config().limit(BODY_LIMIT).read_to_vec()?)
}

/// Finds the address of a host as ureq does, except that an address in place of a name is
/// taken as it is: ureq would start a thread to look it up, and do so for every request.
#[derive(Debug, Default)]
struct NameResolver(DefaultResolver);

impl Resolver for NameResolver {
    fn resolve(
        &self,
        url: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let (Some(scheme), Some(authority)) = (url.scheme(), url.authority()) else {
            return Err(ureq::Error::BadUri(url.to_string()));
        };
        let host_and_port = DefaultResolver::host_and_port(scheme, authority);
        match host_and_port.and_then(|text| text.parse().ok()) {
            Some(address) => {
                let mut addresses = self.empty();
                addresses.push(address);
                Ok(addresses)
            }
            None => self.0.resolve(url, config, timeout),
        }
    }
}

impl From<ureq::Error> for FlagError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::TimedOut,
            ureq::Error::HostNotFound => Self::NameNotResolved,
            ureq::Error::TooManyRedirects => Self::RedirectLoop,
            ureq::Error::BodyExceedsLimit(_) => Self::TooLarge,
            ureq::Error::Io(error) => Self::from_io(&error),
            other => Self::Other(other.to_string()),
        }
    }
}
