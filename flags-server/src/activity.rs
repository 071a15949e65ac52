//! What one connection does: the one place that its reader, its writer and those who need
//! its place look at.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Version;
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// What a connection does.
#[derive(Debug)]
pub(crate) struct Activity {
    /// How many requests have come on it, and how many of them have had all of their
    /// answer.
    begun: AtomicU64,
    ended: AtomicU64,
    made: Instant,
    /// How many microseconds later it has begun to wait for a request, as long as it
    /// does.
    idle_since: AtomicU64,
    /// Whether the client knows what is not yet an answer, which is new in HTTP/1.1.
    knows_continue: AtomicBool,
    /// Whether somebody else needs its place.
    make_room: Notify,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            begun: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            made: Instant::now(),
            idle_since: AtomicU64::new(0),
            knows_continue: AtomicBool::new(false),
            make_room: Notify::new(),
        }
    }

    /// A request has come. It has its answer when what this returns is dropped.
    pub(crate) fn begin(self: &Arc<Self>, version: Version) -> InFlight {
        self.knows_continue.store(version >= Version::HTTP_11, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    /// Whether it waits for a request.
    pub(crate) fn is_idle(&self) -> bool {
        self.ended.load(Ordering::Acquire) == self.begun()
    }

    /// Since when it has waited for a request, if it does.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        let since_made =
            || Duration::from_micros(self.idle_since.load(Ordering::Relaxed));
        self.is_idle().then(|| self.made + since_made())
    }

    /// How many requests have come on it.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    pub(crate) fn knows_continue(&self) -> bool {
        self.knows_continue.load(Ordering::Relaxed)
    }

    /// Asks it to end, if it still waits for a request.
    pub(crate) fn ask_for_room(&self) {
        self.make_room.notify_one();
    }

    /// Waits until somebody else needs its place while it waits for a request itself.
    pub(crate) async fn has_to_make_room(&self) {
        loop {
            self.make_room.notified().await;
            if self.is_idle() {
                return;
            }
        }
    }
}

/// A request without all of its answer.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Activity>);

impl InFlight {
    /// The body of its answer, with which it ends.
    pub(crate) fn until_sent(self, body: Body) -> Body {
        Body::new(Sent { body, _in_flight: self })
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let since_made = self.0.made.elapsed().as_micros();
        let since_made = u64::try_from(since_made).unwrap_or(u64::MAX);
        self.0.idle_since.store(since_made, Ordering::Relaxed);
        self.0.ended.fetch_add(1, Ordering::Release);
    }
}

struct Sent {
    body: Body,
    _in_flight: InFlight,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
