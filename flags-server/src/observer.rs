//! What a site tells of its requests: the one interface for all who want to show them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::{HeaderName, HeaderValue, Request};
use axum::response::Response;
use axum::{BoxError, Router};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use crate::connections::Connection;
use crate::deck::Card;
use crate::profile::Behaviour;
use crate::site::Delay;

/// Which thread of a downloader sends a request.
const THREAD: HeaderName = HeaderName::from_static("flags-thread");
/// Who runs it.
const NAME: HeaderName = HeaderName::from_static("flags-name");

/// Who is told of every request below `/flags/`, when it comes and when it ends.
///
/// The site calls it while it answers, so it must neither wait nor take long.
pub trait Observer: Send + Sync + 'static {
    /// What it notes of a request when that comes, and is given back when it ends.
    type Note: Send;

    /// A request has come.
    fn begin(&self, request: &Arrival) -> Self::Note;

    /// The card for this request. Where there is none, it comes from the site's own deck.
    fn card(&self, _note: &Self::Note) -> Option<Card> {
        None
    }

    /// How the site is to behave towards this request, where not as it does to all.
    fn behaviour(&self, _note: &Self::Note) -> Option<Behaviour> {
        None
    }

    /// The request has ended. Each that has come ends once.
    fn end(&self, note: &Self::Note, outcome: Outcome);
}

/// What is known of a request when it comes.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// What it asks for: `/flags/br/br.gif`.
    pub path: &'a str,
    /// What it has come on.
    pub connection: Connection,
    /// How the client names itself; empty where it does not.
    pub agent: &'a [u8],
    /// Which thread of the client sends it, counted from 1. The downloaders say so in a
    /// header `flags-thread`, and other clients do not.
    pub thread: Option<u16>,
    /// Who runs the client, from a header `flags-name`; empty where there is none.
    pub name: &'a [u8],
}

/// How a request has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With this status, after the site had held it back for this long.
    Answered {
        /// The HTTP status.
        status: u16,
        /// How long the site waited on purpose.
        delay: Duration,
    },
    /// The client went away before there was an answer.
    GivenUp,
}

/// A site, as a service of hyper, that tells an [`Observer`] of every request below
/// `/flags/`. All others are answered elsewhere, and nobody is told of them.
///
/// It is not a layer of middleware but decides before any router does: with another
/// router around it, a site that answers at once would lose a tenth of its speed.
#[derive(Debug)]
pub struct ObservedSite<O> {
    site: TowerToHyperService<Router>,
    elsewhere: TowerToHyperService<Router>,
    observer: Arc<O>,
}

/// Not derived: a copy of the site has the same observer, which need not be copied.
impl<O> Clone for ObservedSite<O> {
    fn clone(&self) -> Self {
        Self {
            site: self.site.clone(),
            elsewhere: self.elsewhere.clone(),
            observer: Arc::clone(&self.observer),
        }
    }
}

impl<O: Observer> ObservedSite<O> {
    /// For `site` see [`app`](crate::app).
    pub fn new(site: Router, elsewhere: Router, observer: Arc<O>) -> Self {
        // Routes are easier to follow once it is known that no state is to come.
        let [site, elsewhere] = [site, elsewhere]
            .map(|routes| TowerToHyperService::new(routes.with_state(())));
        Self { site, elsewhere, observer }
    }

    /// Tells that a request has come, if it is one to tell of. On which connection comes
    /// from [`serve`](crate::serve).
    fn begin<B>(&self, request: &Request<B>) -> Option<InFlight<O>> {
        let path = request.uri().path();
        path.strip_prefix("/flags/").filter(|rest| !rest.is_empty())?;
        let &ConnectInfo(connection) = request.extensions().get()?;
        let header = |name: HeaderName| {
            request.headers().get(name).map_or(&[][..], HeaderValue::as_bytes)
        };
        let (agent, name) = (header(USER_AGENT), header(NAME));
        let thread = thread(header(THREAD));
        let arrival = Arrival { path, connection, agent, thread, name };
        let note = self.observer.begin(&arrival);
        let observer = Arc::clone(&self.observer);
        Some(InFlight { observer, note, outcome: Outcome::GivenUp })
    }
}

/// The number that a client gives its thread. What is no such number is not told, since
/// pictures have a row for each.
fn thread(header: &[u8]) -> Option<u16> {
    let number = std::str::from_utf8(header).ok()?.parse().ok()?;
    (number > 0).then_some(number)
}

impl<O, B> Service<Request<B>> for ObservedSite<O>
where
    O: Observer,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<B>) -> Self::Future {
        let Some(in_flight) = self.begin(&request) else {
            return Box::pin(self.elsewhere.call(request));
        };
        if let Some(card) = in_flight.observer.card(&in_flight.note) {
            request.extensions_mut().insert(card);
        }
        if let Some(behaviour) = in_flight.observer.behaviour(&in_flight.note) {
            request.extensions_mut().insert(behaviour);
        }
        let answer = self.site.call(request);
        Box::pin(async move {
            let Ok(response) = answer.await;
            in_flight.end(&response);
            Ok(response)
        })
    }
}

/// A request that has come. It ends when this is dropped, which happens to every request,
/// even to one that is not run to its end because the client went away.
struct InFlight<O: Observer> {
    observer: Arc<O>,
    note: O::Note,
    outcome: Outcome,
}

impl<O: Observer> InFlight<O> {
    fn end(mut self, response: &Response) {
        let delay = response.extensions().get().map(|Delay(time)| *time);
        self.outcome = Outcome::Answered {
            status: response.status().as_u16(),
            delay: delay.unwrap_or_default(),
        };
    }
}

impl<O: Observer> Drop for InFlight<O> {
    fn drop(&mut self) {
        self.observer.end(&self.note, self.outcome);
    }
}
