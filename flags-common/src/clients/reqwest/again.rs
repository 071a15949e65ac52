//! A request that is sent again, since its connection was closed as it came.
//!
//! A server may close a connection that it has kept open whenever it likes, and a request
//! can be on its way just then. That is nobody's fault, and to ask twice for a flag harms
//! nobody, so such a request goes out once more (RFC 9112, section 9.3.1). hyper does
//! that by itself as long as nothing of it was sent.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use http::{Extensions, StatusCode, Uri};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpInfo};
use reqwest::{Method, Response, retry};

use super::super::causes;

/// Our ends of the connections that cannot have brought an answer yet, and since when
/// each is open. All others were kept: hyper does not tell which these are.
static NEW: Mutex<BTreeMap<SocketAddr, Instant>> = Mutex::new(BTreeMap::new());

/// Takes note of a connection that was opened.
pub(super) fn note_opened<C: Connection>(connection: C) -> C {
    if let Some(address) = our_end(&connection.connected()) {
        lock(&NEW).insert(address, Instant::now());
    }
    connection
}

/// Takes note that the connection of this answer may be used again.
pub(super) fn note_answer(answer: &Response) {
    if let Some(connection) = answer.extensions().get::<HttpInfo>() {
        lock(&NEW).remove(&connection.local_addr());
    }
}

/// Which requests are sent again.
///
/// As often as it takes where a kept connection was closed: each is closed but once, and
/// the last try is made by a new one. That may have been closed for the same reason, as
/// hyper also keeps connections that it has opened ahead. So the request is sent again
/// until a new connection is closed on it that was opened after the first such end.
///
/// Status 408 is how some servers say that they close a connection on which nothing was
/// asked for too long. By which one it has come is not told, so the request is sent once
/// more; and this counts by itself, for the next try may well be made by a connection
/// that was closed too.
pub(super) fn policy() -> retry::Builder {
    let sent_again = Mutex::new(SentAgain::default());
    retry::for_host(AnyHost).no_budget().max_retries_per_request(u32::MAX).classify_fn(
        move |answer| {
            if answer.status().is_some_and(|status| status.is_redirection()) {
                // By which connection it has come is not told: it may be any of them.
                lock(&NEW).clear();
            }
            let url = answer.uri();
            let mut sent_again = lock(&sent_again);
            let is_again = match (answer.error().map(closed_connection), answer.status())
            {
                (Some(Some(connection)), _) => sent_again.closed(url, connection),
                (_, Some(StatusCode::REQUEST_TIMEOUT)) => sent_again.too_late(url),
                _ => false,
            };
            if is_again && answer.method() == Method::GET {
                answer.retryable()
            } else {
                sent_again.forget(url);
                answer.success()
            }
        },
    )
}

/// The requests that were sent again and have not ended yet, by their URLs. Copies of one
/// flag share their tries.
#[derive(Default)]
struct SentAgain {
    /// When a new connection was closed on a request for the first time.
    closed: HashMap<Uri, Instant>,
    /// Which were answered with status 408.
    too_late: HashSet<Uri>,
}

impl SentAgain {
    /// Whether this request is sent again now that this connection was closed on it.
    fn closed(&mut self, url: &Uri, connection: &Connected) -> bool {
        let now = Instant::now();
        let opened = match our_end(connection) {
            Some(address) => lock(&NEW).remove(&address),
            // It counts as new.
            None => Some(now),
        };
        opened
            .is_none_or(|opened| opened <= *self.closed.entry(url.clone()).or_insert(now))
    }

    /// Whether this request is sent again now that it was answered with status 408.
    fn too_late(&mut self, url: &Uri) -> bool {
        self.too_late.insert(url.clone())
    }

    /// The same flag may be asked for once more in a run.
    fn forget(&mut self, url: &Uri) {
        self.closed.remove(url);
        self.too_late.remove(url);
    }
}

/// The connection of a request, if this error says that it was closed before the head of
/// an answer had come.
fn closed_connection<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Connected> {
    let of_request =
        causes(error).find_map(<dyn Error>::downcast_ref::<legacy::Error>)?;
    // Who answers nonsense would do so again.
    let mut of_answer = causes(error).filter_map(<dyn Error>::downcast_ref);
    let is_nonsense = of_answer.any(hyper::Error::is_parse);
    // There is none where it could not be made.
    of_request.connect_info().filter(|_| !is_nonsense)
}

fn our_end(connection: &Connected) -> Option<SocketAddr> {
    let mut extensions = Extensions::new();
    connection.get_extras(&mut extensions);
    extensions.get().map(HttpInfo::local_addr)
}

/// A request may be redirected to any host.
struct AnyHost;

impl PartialEq<&str> for AnyHost {
    fn eq(&self, _: &&str) -> bool {
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
