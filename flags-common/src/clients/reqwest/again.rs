//! A request that is sent again, since its connection was closed as it came.
//!
//! A server may close a connection that it has kept open whenever it likes, and a request
//! can be on its way just then. That is nobody's fault, and to ask twice for a flag harms
//! nobody, so such a request goes out once more (RFC 9112, section 9.3.1). hyper does
//! that by itself as long as nothing of it was sent.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Extensions, StatusCode};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{Connected, HttpInfo};
use reqwest::{Method, Response, retry};

use super::super::causes;

/// Our ends of the connections that have brought an answer, and so were kept if they are
/// used again. hyper does not tell which these are.
static KEPT: Mutex<BTreeSet<SocketAddr>> = Mutex::new(BTreeSet::new());

/// Takes note that the connection of this answer may be used again.
pub(super) fn note_answer(answer: &Response) {
    if let Some(connection) = answer.extensions().get::<HttpInfo>() {
        lock(&KEPT).insert(connection.local_addr());
    }
}

/// Which requests are sent again.
///
/// As often as it takes where a kept connection was closed: each is closed but once, and
/// the last try is made by a new one. For any other it is once, since hyper also keeps
/// connections that it has opened ahead, and these have brought no answer yet. Status 408
/// is how some servers say that they close a connection on which nothing was asked for
/// too long. It counts by itself: the next try may well be made by a connection that was
/// closed too.
pub(super) fn policy() -> retry::Builder {
    let asked_again = Mutex::new(BTreeSet::new());
    retry::for_host(AnyHost).no_budget().max_retries_per_request(u32::MAX).classify_fn(
        move |answer| {
            let once_more = |reason: Reason| {
                let request = (answer.uri().to_string(), reason);
                let mut asked_again = lock(&asked_again);
                // The second time it is forgotten, for the same flag may be asked for
                // once more in a run.
                !asked_again.remove(&request) && asked_again.insert(request)
            };
            let is_again = match (answer.error().map(closed_connection), answer.status())
            {
                (Some(Some(connection)), _) => {
                    was_kept(connection) || once_more(Reason::Closed)
                }
                (_, Some(StatusCode::REQUEST_TIMEOUT)) => once_more(Reason::TooLate),
                _ => false,
            };
            if is_again && answer.method() == Method::GET {
                answer.retryable()
            } else {
                answer.success()
            }
        },
    )
}

/// Why a request is sent again.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// Its connection was closed.
    Closed,
    /// It was answered with status 408.
    TooLate,
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

/// Whether a connection has brought an answer, which is asked once.
fn was_kept(connection: &Connected) -> bool {
    let mut extensions = Extensions::new();
    connection.get_extras(&mut extensions);
    let address = extensions.get().map(HttpInfo::local_addr);
    address.is_some_and(|address| lock(&KEPT).remove(&address))
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
