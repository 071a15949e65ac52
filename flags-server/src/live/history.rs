//! The runs of all sites, behind a lock, and those who want to hear of them.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::sse::Event;
use flags_server::Outcome;
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, Sender};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::runs::{Begun, Key, Runs};

/// How often readers are told of changes: often enough to look like movement, and
/// seldom enough that a thousand requests in this time are one event.
pub(super) const PERIOD: Duration = Duration::from_millis(50);
/// How many events a reader may be behind, at least twelve seconds of them, which is
/// long enough to send everything over a poor network. One that is slower gets
/// everything anew.
const EVENTS: usize = 256;

/// What all sites of this process were asked since it started, or since it was cleared.
#[derive(Debug)]
pub(crate) struct History {
    started: Instant,
    sites: Vec<Site>,
    // Not the mutex of Tokio: it is held for a microsecond, and never across an await.
    runs: Mutex<Runs>,
    events: Sender<Event>,
    turns: Semaphore,
}

/// A site, as the page introduces it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) behaviour: String,
    pub(crate) url: String,
}

/// The runs of one moment.
struct Snapshot {
    now: Duration,
    runs: Runs,
}

impl History {
    pub(crate) fn new(sites: Vec<Site>, seed: Option<u64>) -> Self {
        Self {
            started: Instant::now(),
            sites,
            runs: Mutex::new(Runs::new(seed)),
            events: Sender::new(EVENTS),
            turns: Semaphore::new(1),
        }
    }

    /// Notes that a request has arrived.
    pub(crate) fn begin(
        &self,
        site: &Arc<str>,
        address: IpAddr,
        agent: &[u8],
        path: &str,
    ) -> Begun {
        let mut runs = self.lock();
        // Read under the lock, so that the order of the times is that of the numbers.
        runs.begin(&Key { site, address, agent }, path, self.started.elapsed())
    }

    pub(crate) fn end(&self, begun: Begun, outcome: Outcome) {
        let mut runs = self.lock();
        runs.end(begun, outcome, self.started.elapsed());
    }

    /// Forgets all runs and tells it to all readers.
    pub(crate) fn clear(&self) {
        let mut runs = self.lock();
        runs.clear();
        let text = runs.everything(&self.sites, self.started.elapsed());
        // Under the lock, as all events are sent: in the order in which they happened.
        // It fails where nobody listens.
        let _ = self.events.send(Event::default().event("runs").data(text));
    }

    /// Everything up to now, as JSON.
    pub(crate) async fn to_json(self: &Arc<Self>) -> String {
        let _turn = self.wait_for_turn().await;
        let snapshot = self.snapshot(&self.lock());
        self.write(snapshot).await
    }

    /// The same, and the events from then on, none of them lost or twice.
    pub(crate) async fn subscribe(self: &Arc<Self>) -> (String, Receiver<Event>) {
        let _turn = self.wait_for_turn().await;
        let (snapshot, events) = {
            let mut runs = self.lock();
            if self.events.receiver_count() == 0 {
                // What has changed while nobody listened is in the snapshot.
                runs.forget_changes();
            }
            (self.snapshot(&runs), self.events.subscribe())
        };
        (self.write(snapshot).await, events)
    }

    /// Tells the changes to the readers, for as long as it is polled.
    pub(crate) async fn publish(&self) {
        let mut ticks = interval(PERIOD);
        // After a delay the next event is no sooner than usual.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.publish_changes();
        }
    }

    fn publish_changes(&self) {
        if self.events.receiver_count() == 0 {
            return;
        }
        let mut runs = self.lock();
        if let Some(text) = runs.take_changes(self.started.elapsed()) {
            // It fails where the last reader has left meanwhile.
            let _ = self.events.send(Event::default().event("changes").data(text));
        }
    }

    /// One at a time: with all runs full a snapshot and its text have ten megabytes, so
    /// that a loop which asks for them again and again could fill the memory.
    async fn wait_for_turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("it is never closed")
    }

    /// A copy, and not yet the text: to write that takes a hundred times as long, and
    /// under the lock no site could answer meanwhile.
    fn snapshot(&self, runs: &Runs) -> Snapshot {
        Snapshot { runs: runs.clone(), now: self.started.elapsed() }
    }

    /// On a thread for work that takes long, so that this one can answer others.
    async fn write(self: &Arc<Self>, Snapshot { now, runs }: Snapshot) -> String {
        let history = Arc::clone(self);
        let text = spawn_blocking(move || runs.everything(&history.sites, now));
        text.await.expect("to write JSON does not panic")
    }

    /// Where another thread has panicked under the lock, a number may be off by one,
    /// which is no reason to stop the site.
    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
