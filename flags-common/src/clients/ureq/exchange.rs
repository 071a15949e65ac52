//! What a flag takes beyond one request and one answer: redirects, and a request that is
//! sent again.

use std::time::{Duration, Instant};

use http::{Request, Response, StatusCode, Uri};
use ureq::middleware::{Middleware, MiddlewareNext};
use ureq::{Agent, Body, Error, SendBody, Timeout};

use super::super::{headers, redirect};
use super::connection::ClosedUnused;
use super::proxy;
use crate::download::error::MAX_REDIRECTS;
use crate::download::proxy::Proxies;
use crate::download::run_name::RunName;

/// Takes the place of the one exchange that an agent would make.
pub(super) struct Exchange {
    /// Keeps its connections open and uses them again.
    pub(super) kept: Agent,
    /// Makes a connection for each request.
    pub(super) fresh: Agent,
    /// For the redirects, which may lead to where another proxy is asked.
    pub(super) proxies: Proxies,
    /// How long all of it may take.
    pub(super) timeout: Duration,
    /// The name of the run, if it has one.
    pub(super) name: Option<RunName>,
}

impl Middleware for Exchange {
    fn handle(
        &self,
        request: Request<SendBody>,
        _: MiddlewareNext,
    ) -> Result<Response<Body>, Error> {
        let began = Instant::now();
        let left = || Some(self.timeout.saturating_sub(began.elapsed()));
        // The agents themselves allow all of the time, which saves the first request
        // settings of its own, and with them the cost of setting up TLS anew.
        let (mut url, mut limit) = (request.uri().clone(), None);
        for _ in 0..=MAX_REDIRECTS {
            let mut answer = self.ask(&self.kept, &url, limit);
            if is_worth_asking_again(&answer) {
                answer = self.ask(&self.fresh, &url, left());
            }
            let answer = answer?;
            match redirect::target(&url, &answer) {
                Some(target) => (url, limit) = (target, left()),
                None => return Ok(answer),
            }
        }
        Err(Error::TooManyRedirects)
    }
}

impl Exchange {
    fn ask(
        &self,
        agent: &Agent,
        url: &Uri,
        limit: Option<Duration>,
    ) -> Result<Response<Body>, Error> {
        let mut request = Request::get(url.clone()).body(())?;
        // On the thread that sends the request, which is the one that it tells of.
        *request.headers_mut() = headers(self.name.as_ref());
        match limit {
            Some(Duration::ZERO) => Err(Error::Timeout(Timeout::Global)),
            Some(_) => {
                let proxy = proxy::for_url(&self.proxies, &url.to_string());
                let request = agent.configure_request(request).proxy(proxy);
                agent.run(request.timeout_global(limit).build())
            }
            None => agent.run(request),
        }
    }
}

/// Whether a kept connection turned out to have been closed just then, which is nobody's
/// fault, and to ask twice for a flag harms nobody (RFC 9112, section 9.3.1). Status 408
/// is how some servers say that they close a connection on which nothing was asked for
/// too long.
fn is_worth_asking_again(answer: &Result<Response<Body>, Error>) -> bool {
    match answer {
        Err(Error::Other(cause)) => cause.is::<ClosedUnused>(),
        Ok(answer) => answer.status() == StatusCode::REQUEST_TIMEOUT,
        Err(_) => false,
    }
}
