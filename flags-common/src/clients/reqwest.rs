//! The settings and the errors of the asynchronous HTTP client.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Response, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinError;
use tower::util::MapResponseLayer;

use self::names::Names;
use super::{MAX_HEADERS, append, headers};
use crate::download::error::{FlagError, MAX_REDIRECTS};
use crate::download::flag::Flag;
use crate::download::job::Job;
use crate::download::proxy::{Proxies, Proxy};
use crate::program::user_agent;

mod again;
mod names;

/// A client for all flags of a run: it keeps their connections open and uses them again.
///
/// # Panics
///
/// Never: its settings are valid.
#[must_use]
pub fn reqwest_client(job: &Job) -> Client {
    job.heeds_proxy();
    // The same headers for all requests, the number of the thread among them: an event
    // loop polls all of its tasks on the one thread that has built it and this client.
    let headers = headers(job.name.as_ref());
    client(builder(&job.base_url, job.timeout).default_headers(headers))
}

/// A client for the site at `base_url`, for a program that has no [`Job`]: each of its
/// answers may take as long as `timeout`.
///
/// # Panics
///
/// Never: its settings are valid.
#[must_use]
pub fn reqwest_client_for(base_url: &str, timeout: Duration) -> Client {
    client(builder(base_url, timeout))
}

fn builder(base_url: &str, timeout: Duration) -> ClientBuilder {
    let builder = Client::builder()
        .user_agent(user_agent())
        .timeout(timeout)
        .redirect(redirect::Policy::custom(follow))
        .connector_layer(MapResponseLayer::new(again::note_opened))
        .retry(again::policy())
        .dns_resolver(Names::new())
        .http1_max_headers(MAX_HEADERS)
        .tls_backend_preconfigured(tls_config())
        // By our rules, in place of its own.
        .no_proxy();
    let proxies = Proxies::for_client(base_url);
    if proxies.is_empty() {
        return builder;
    }
    builder.proxy(reqwest::Proxy::custom(move |url| {
        proxies.for_url(url.as_str()).and_then(Proxy::url).map(str::to_owned)
    }))
}

/// Follows a redirect to a site. Any other is left to who reads the answer, which has the
/// status of a redirect then, and names the target.
fn follow(attempt: redirect::Attempt) -> redirect::Action {
    if attempt.previous().len() > MAX_REDIRECTS.into() {
        attempt.error(FlagError::RedirectLoop)
    } else if matches!(attempt.url().scheme(), "http" | "https") {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn client(builder: ClientBuilder) -> Client {
    builder.build().expect("the settings do not depend on the command line or the system")
}

/// Builds an event loop for the thread that calls its `block_on`, which then waits for
/// sockets and timers.
///
/// What blocks, such as saving a flag, runs on threads beside it, and two are enough: a
/// disk hardly gets faster by more. Tokio's own limit is 512, so that 194 flags which
/// come at once would start as many threads, in a program that wants to show what one can
/// do.
///
/// # Panics
///
/// If the system has no descriptor left to wait with. [`Job::concurrency`] leaves some.
#[must_use]
pub fn event_loop() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(2)
        .build()
        .expect("a descriptor is left for it")
}

/// Reads the image of a flag, which has to be one by its status, its size and its
/// content.
///
/// # Errors
///
/// Those of [`read_body`], [`FlagError::NotGif`] and [`FlagError::BrokenGif`].
pub async fn read_image(
    flag: &Flag,
    mut response: Response,
) -> Result<Vec<u8>, FlagError> {
    flag.first_byte(response.status());
    flag.check_image(read_parts(&mut response).await?)
}

/// Reads the body of an answer that has the status of a success.
///
/// # Errors
///
/// [`FlagError::NotFound`] and [`FlagError::Status`] for any other status,
/// [`FlagError::TooLarge`] for more than 1 MiB, and what can happen on the way.
pub async fn read_body(mut response: Response) -> Result<Vec<u8>, FlagError> {
    read_parts(&mut response).await
}

// By reference: each future that took the answer itself would have a place for all of it.
async fn read_parts(response: &mut Response) -> Result<Vec<u8>, FlagError> {
    again::note_answer(response);
    FlagError::check_head(response.status(), response.headers())?;
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await? {
        append(&mut body, &part)?;
    }
    Ok(body)
}

/// The same certificates that ureq brings along, so that both clients trust the same
/// sites, and a machine without any certificates can still download from its loopback.
fn tls_config() -> ClientConfig {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the ciphers of TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

impl From<reqwest::Error> for FlagError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        if error.is_redirect() {
            return Self::RedirectLoop;
        }
        Self::from_cause(&error.without_url())
    }
}

/// The answer of a proxy that opens no way to a site. The type of this error is not for
/// us, and so only its text tells.
pub(super) fn from_tunnel(error: &(dyn Error + 'static)) -> Option<FlagError> {
    match error.to_string().strip_prefix("tunnel error: ")? {
        "unsuccessful" => Some(FlagError::Tunnel { wants_password: false }),
        "proxy authorization required" => {
            Some(FlagError::Tunnel { wants_password: true })
        }
        "proxy response headers too long" => Some(FlagError::HeadTooLarge),
        "unexpected end of file" => Some(FlagError::Truncated),
        // There is a cause that tells more.
        _ => None,
    }
}

/// A panic in code that another thread ran, as `spawn_blocking` reports it.
impl From<JoinError> for FlagError {
    fn from(error: JoinError) -> Self {
        Self::Other(error.to_string())
    }
}
