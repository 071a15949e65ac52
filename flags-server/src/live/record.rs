//! Writes what a site is asked into the history.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::USER_AGENT;
use axum::response::Response;
use axum::{BoxError, Router};
use flags_server::Delay;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use super::history::History;
use super::runs::{Begun, Outcome};

/// A site that records every request below `/flags/` under its name, and its page.
///
/// It is not a layer of middleware but decides before any router does: with another
/// router around it, a site that answers at once would lose a tenth of its speed.
#[derive(Clone)]
pub(crate) struct RecordedSite {
    site: TowerToHyperService<Router>,
    page: TowerToHyperService<Router>,
    name: Arc<str>,
    history: Arc<History>,
}

impl RecordedSite {
    /// The page gets what is not below `/flags/`, which is never slow or faulty.
    pub(crate) fn new(
        site: Router,
        page: Router,
        name: &str,
        history: &Arc<History>,
    ) -> Self {
        // Routes are easier to follow once it is known that no state is to come.
        let [site, page] =
            [site, page].map(|routes| TowerToHyperService::new(routes.with_state(())));
        Self { site, page, name: name.into(), history: Arc::clone(history) }
    }

    /// Begins to record. The client's address comes from [`serve`](flags_server::serve).
    fn record<B>(&self, request: &Request<B>) -> Option<Recording> {
        let path = request.uri().path();
        path.strip_prefix("/flags/").filter(|rest| !rest.is_empty())?;
        let ConnectInfo(client) =
            request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let address = client.ip().to_canonical();
        let agent = request.headers().get(USER_AGENT);
        let agent = agent.map_or(&[][..], |agent| agent.as_bytes());
        let begun = self.history.begin(&self.name, address, agent, path);
        let history = Arc::clone(&self.history);
        Some(Recording { history, begun, outcome: Outcome::GivenUp })
    }
}

impl<B> Service<Request<B>> for RecordedSite
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<B>) -> Self::Future {
        let Some(recording) = self.record(&request) else {
            return Box::pin(self.page.call(request));
        };
        request.extensions_mut().insert(recording.begun.card);
        let answer = self.site.call(request);
        Box::pin(async move {
            let Ok(response) = answer.await;
            recording.end(&response);
            Ok(response)
        })
    }
}

/// Ends its request when it is dropped, which happens to every request, even to one that
/// is not run to its end because the client went away.
struct Recording {
    history: Arc<History>,
    begun: Begun,
    outcome: Outcome,
}

impl Recording {
    fn end(mut self, response: &Response) {
        let delay = response.extensions().get().map(|Delay(time)| *time);
        self.outcome = Outcome::Answered {
            status: response.status().as_u16(),
            delay: delay.unwrap_or_default(),
        };
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.history.end(self.begun, self.outcome);
    }
}
