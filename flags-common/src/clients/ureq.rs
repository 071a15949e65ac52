//! The settings and the errors of the blocking HTTP client.

use std::time::Duration;

use http::{Response, Uri};
use ureq::config::{Config, ConfigBuilder};
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout};
use ureq::{Agent, Body};

use self::connection::{ClosedUnused, Watch};
use self::exchange::Exchange;
use self::proxy::ByProxy;
use super::tls;
use crate::download::error::{BODY_LIMIT, FlagError, HEAD_LIMIT};
use crate::download::flag::Flag;
use crate::download::job::Job;
use crate::download::proxy::Proxies;
use crate::program::user_agent;

mod connection;
mod exchange;
mod proxy;

/// An agent for all flags of a run: it keeps their connections open and uses them again.
#[must_use]
pub fn ureq_agent(job: &Job) -> Agent {
    job.heeds_proxy();
    let agent_that_keeps =
        |connections| ureq_agent_for(&job.base_url, job.timeout, connections);
    let exchange = Exchange {
        kept: agent_that_keeps(job.concurrency()),
        fresh: agent_that_keeps(0),
        proxies: Proxies::for_client(&job.base_url),
        timeout: job.timeout,
        name: job.name.clone(),
    };
    Agent::config_builder().middleware(exchange).build().into()
}

/// An agent for the site at `base_url`, for a program that has no [`Job`]: each of its
/// answers may take as long as `timeout`, and this many `connections` are kept open. It
/// brings each answer as it is, and follows no redirect.
#[must_use]
pub fn ureq_agent_for(base_url: &str, timeout: Duration, connections: usize) -> Agent {
    let proxy = proxy::for_url(&Proxies::for_client(base_url), base_url);
    let config = |proxy| config(timeout, connections).proxy(proxy).build();
    Agent::with_parts(
        config(proxy),
        ByProxy::new(config(None)).chain(Watch),
        NameResolver::default(),
    )
}

fn config(timeout: Duration, connections: usize) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .user_agent(user_agent())
        .timeout_global(Some(timeout))
        // `Exchange` follows them.
        .max_redirects(0)
        .max_redirects_will_error(false)
        // A status is an answer, and `read_body` says what it means.
        .http_status_as_error(false)
        .max_idle_connections(connections)
        .max_idle_connections_per_host(connections)
        .max_response_header_size(HEAD_LIMIT)
        // The default of 128 KiB a connection is for longer bodies than a flag's. One
        // byte more than a head may have, or one that has more would never be complete.
        .input_buffer_size(HEAD_LIMIT + 1)
        .output_buffer_size(4 << 10)
}

/// Reads the image of a flag, which has to be one by its status, its size and its
/// content.
///
/// # Errors
///
/// Those of [`read_body`], [`FlagError::NotGif`] and [`FlagError::BrokenGif`].
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
    FlagError::check_head(response.status(), response.headers())?;
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

/// The answer of a proxy that opens no way to a site, of which only the text tells the
/// status: `proxy server responded 407/407`. Without any, the connection has ended amid
/// the head.
fn from_tunnel(text: &str) -> FlagError {
    let status = text.strip_prefix("proxy server responded ");
    match status.and_then(|status| status.split('/').next()?.parse::<u16>().ok()) {
        Some(status) => FlagError::Tunnel { wants_password: status == 407 },
        None => FlagError::Truncated,
    }
}

impl From<ureq::Error> for FlagError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::TimedOut,
            ureq::Error::HostNotFound => Self::NameNotResolved,
            ureq::Error::TooManyRedirects => Self::RedirectLoop,
            ureq::Error::BodyExceedsLimit(_) => Self::TooLarge,
            ureq::Error::LargeResponseHeader(..) => Self::HeadTooLarge,
            // The type of this error is not for us, and so only its text tells.
            ureq::Error::Protocol(error) if error.to_string().contains("too many") => {
                Self::HeadTooLarge
            }
            ureq::Error::Protocol(_) => Self::BrokenHttp,
            ureq::Error::Rustls(error) => tls::explain(&error),
            ureq::Error::Tls(_) => Self::Tls,
            ureq::Error::Io(error) => Self::from_cause(&error),
            ureq::Error::ConnectProxyFailed(text) => from_tunnel(&text),
            // On a new connection, which has brought the answer of a proxy.
            ureq::Error::Other(cause) if cause.is::<ClosedUnused>() => Self::Truncated,
            other => Self::Other(other.to_string()),
        }
    }
}
