//! What a flag takes beyond one request and one answer: redirects, and a request that is
//! sent again.

use std::time::{Duration, Instant};

use http::{Request, Response, StatusCode, Uri};
use ureq::middleware::{Middleware, MiddlewareNext};
use ureq::{Agent, Body, Error, SendBody, Timeout};

use super::super::{headers, redirect};
use super::connection::ClosedUnused;
use crate::download::error::MAX_REDIRECTS;
use crate::download::run_name::RunName;

/// Takes the place of the one exchange that an agent would make.
pub(super) struct Exchange {
    /// Keeps its connections open and uses them again.
    pub(super) kept: Agent,
    /// Makes a connection for each request.
    pub(super) fresh: Agent,
    /// How long all of it may take.
    pub(super) timeout: Duration,
    /// Whether each request tells of this program, and the name of its run if it has one.
    pub(super) introduces: bool,
    pub(super) name: Option<RunName>,
}

impl Middleware for Exchange {
    fn handle(
        &self,
        request: Request<SendBody>,
        _: MiddlewareNext,
    ) -> Result<Response<Body>, Error> {
        let began = Instant::now();
        let mut url = request.uri().clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.answer(&url, began)?;
            match redirect::target(&url, &answer) {
                Some(target) => url = target,
                None => return Ok(answer),
            }
        }
        Err(Error::TooManyRedirects)
    }
}

impl Exchange {
    /// Asks once, and once more by a new connection where a kept one turns out to have
    /// been closed just then (RFC 9112, section 9.3.1): it is nobody's fault, and to ask
    /// twice for a flag harms nobody. Status 408 is how some servers say that they close
    /// a connection on which nothing was asked for too long.
    fn answer(&self, url: &Uri, began: Instant) -> Result<Response<Body>, Error> {
        match self.ask(&self.kept, url, began) {
            Err(Error::Other(cause)) if cause.is::<ClosedUnused>() => {
                self.ask(&self.fresh, url, began)
            }
            Ok(answer) if answer.status() == StatusCode::REQUEST_TIMEOUT => {
                self.ask(&self.fresh, url, began)
            }
            result => result,
        }
    }

    fn ask(
        &self,
        agent: &Agent,
        url: &Uri,
        began: Instant,
    ) -> Result<Response<Body>, Error> {
        let left = self.timeout.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(Error::Timeout(Timeout::Global));
        }
        let mut request = Request::get(url.clone()).body(())?;
        if self.introduces {
            // On the thread that sends the request, which is the one that it tells of.
            *request.headers_mut() = headers(self.name.as_ref());
        }
        let request = agent.configure_request(request).timeout_global(Some(left)).build();
        agent.run(request)
    }
}
