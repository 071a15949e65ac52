//! An embedded site that remembers what it was asked.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::country_code::CountryCode;
use crate::flag_file::FlagFile;
use crate::observer::{Arrival, ObservedSite, Observer, Outcome};
use crate::profile::{Behaviour, Latency};
use crate::server::FlagServer;
use crate::site::app;

/// A [`FlagServer`] that remembers every request below `/flags/`, so that a program can
/// prove by the other side of the connection what it did.
///
/// It remembers them for as long as it lives, which makes it no server for millions.
#[derive(Debug)]
#[must_use = "the site stops when the handle is dropped"]
pub struct WatchedServer {
    server: FlagServer,
    record: Arc<Record>,
}

/// A request that has just come, for a site that answers each as a script says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What it asks for: `/flags/br/br.gif`.
    pub path: &'a str,
    /// How many requests have asked for the same before.
    pub before: usize,
    /// How many are in flight, this one among them.
    pub in_flight: usize,
}

type Script = dyn Fn(&Asked) -> Behaviour + Send + Sync;

/// What a [`WatchedServer`] saw of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// What it asked for: `/flags/br/br.gif`.
    pub path: String,
    /// Which of the connections to the site it came on, counted from 1.
    pub connection: u64,
    /// Which thread of the client has sent it, where the client says so, as the
    /// downloaders do.
    pub thread: Option<u16>,
    /// When its head had arrived.
    pub came: Instant,
    /// How it has ended; `None` as long as it is in flight.
    pub end: Option<End>,
}

/// The end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// When the site began to send its answer, or noticed that the client had gone away.
    pub at: Instant,
    /// Which of the two it was.
    pub outcome: Outcome,
}

impl WatchedServer {
    /// Starts a site, as [`FlagServer::start`] does.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread, descriptor or port left.
    pub fn start(behaviour: Behaviour, seed: Option<u64>) -> io::Result<Self> {
        let record = Arc::default();
        Self::start_observed(app(behaviour, seed), record)
    }

    /// Starts a site that behaves towards each request as `script` says. All
    /// requests wait until it has said so.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread, descriptor or port left.
    pub fn start_scripted(
        script: impl Fn(&Asked) -> Behaviour + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let record =
            Arc::new(Record { script: Some(Box::new(script)), ..Record::default() });
        // The script decides, so that this is for what is not below `/flags/`.
        let at_once = Behaviour { latency: Latency::None, error_rate: 0.0 };
        Self::start_observed(app(at_once, None), record)
    }

    fn start_observed(app: Router, record: Arc<Record>) -> io::Result<Self> {
        let site = ObservedSite::new(app.clone(), app, Arc::clone(&record));
        Ok(Self { server: FlagServer::start_serving(site)?, record })
    }

    /// The base URL, without a slash at its end: `http://127.0.0.1:PORT/flags`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Where the flag of a country is.
    #[must_use]
    pub fn url_of(&self, code: CountryCode) -> String {
        FlagFile::Image(code).url(self.url())
    }

    /// All requests so far, in the order in which they came.
    ///
    /// A request has ended here before its client can know the answer. But when it is the
    /// client who ends it, by dropping a future or closing a connection, the site notices
    /// that a moment later. See [`ended_requests`](Self::ended_requests).
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.record.seen.borrow().requests.clone()
    }

    /// All requests, as soon as none of them is in flight any more. One that the site has
    /// not read yet is none of them: it may come later, or never.
    ///
    /// It waits without blocking, because an event loop that is blocked could not close
    /// the connections of what it has dropped. It needs the timers of a Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimedOut`] when one is still in flight after `patience`.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime with timers.
    pub async fn ended_requests(
        &self,
        patience: Duration,
    ) -> io::Result<Vec<SeenRequest>> {
        let mut record = self.record.seen.subscribe();
        let all_ended = record.wait_for(|seen| seen.in_flight == 0);
        let seen = timeout(patience, all_ended).await.map_err(|_| {
            let in_flight = self.record.seen.borrow().in_flight;
            let text = format!("still in flight after {patience:?}: {in_flight}");
            io::Error::new(ErrorKind::TimedOut, text)
        })?;
        Ok(seen.expect("the sender is a part of this server").requests.clone())
    }
}

impl SeenRequest {
    /// The status of its answer; `None` as long as it is in flight, or when it was given
    /// up.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.end?.outcome {
            Outcome::Answered { status, .. } => Some(status),
            Outcome::GivenUp => None,
        }
    }

    /// Whether the client went away before there was an answer.
    #[must_use]
    pub fn was_given_up(&self) -> bool {
        self.end.is_some_and(|end| end.outcome == Outcome::GivenUp)
    }
}

/// The requests of one server, and a way to wait until they are what one waits for.
#[derive(Default)]
struct Record {
    seen: watch::Sender<Seen>,
    script: Option<Box<Script>>,
}

/// Not derived, because a script cannot be shown.
impl fmt::Debug for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Record").field("seen", &self.seen).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Seen {
    requests: Vec<SeenRequest>,
    in_flight: usize,
}

impl Observer for Record {
    /// The place of the request in the list.
    type Note = usize;

    fn begin(&self, request: &Arrival) -> usize {
        let mut index = 0;
        self.seen.send_modify(|Seen { requests, in_flight }| {
            index = requests.len();
            requests.push(SeenRequest {
                path: request.path.to_owned(),
                connection: request.connection.number,
                thread: request.thread,
                came: Instant::now(),
                end: None,
            });
            *in_flight += 1;
        });
        index
    }

    fn behaviour(&self, &index: &usize) -> Option<Behaviour> {
        let script = self.script.as_ref()?;
        let seen = self.seen.borrow();
        let path = seen.requests[index].path.clone();
        let same = seen.requests[..index].iter().filter(|request| request.path == path);
        let (before, in_flight) = (same.count(), seen.in_flight);
        // Not under the lock: the script may ask what was seen.
        drop(seen);
        Some(script(&Asked { path: &path, before, in_flight }))
    }

    fn end(&self, &index: &usize, outcome: Outcome) {
        self.seen.send_modify(|Seen { requests, in_flight }| {
            requests[index].end = Some(End { at: Instant::now(), outcome });
            *in_flight -= 1;
        });
    }
}
