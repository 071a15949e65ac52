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

use super::runs::{Asked, Begun, Key, Report, Runs, UNDO};

/// How often readers are told of changes: often enough to look like movement, and
/// seldom enough that a thousand requests in this time are one event.
pub(super) const PERIOD: Duration = Duration::from_millis(50);
/// How long readers hear nothing at most, so that they know at once when the server is
/// gone, and that they have missed nothing while it is not.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(2);
/// How many events a reader may be behind, at least twelve seconds of them, which is
/// long enough to send everything over a poor network. One that is slower gets
/// everything anew.
const EVENTS: usize = 256;

/// What all sites of this process were asked since it started, or since it was cleared.
#[derive(Debug)]
pub(crate) struct History {
    started: Instant,
    /// Tells this start of the server from every other: its clock and its numbers of
    /// runs begin anew.
    server: String,
    sites: Vec<Site>,
    // Not the mutex of Tokio: it is held for a microsecond, and never across an await.
    runs: Mutex<Runs>,
    events: Sender<News>,
    turns: Semaphore,
}

/// A site, as the page introduces it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) behaviour: String,
    pub(crate) url: String,
    pub(crate) port: u16,
}

/// What a reader is told after everything up to a moment.
#[derive(Debug, Clone)]
pub(super) enum News {
    Event(Event),
    /// Everything is to be told anew.
    Everything,
}

/// What is the same for all runs, and differs from one reader to the next.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Frame<'a> {
    server: &'a str,
    sites: &'a [Site],
    #[serde(flatten)]
    reader: Reader,
}

/// Who is told of the runs.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reader {
    /// Its address, by which it finds its own runs.
    pub(super) you: IpAddr,
    /// Whether it is on the same machine, and so may clear what all others see.
    pub(super) is_loopback: bool,
}

impl Reader {
    pub(super) fn at(address: IpAddr) -> Self {
        let you = address.to_canonical();
        Self { you, is_loopback: you.is_loopback() }
    }
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
            server: format!("{:016x}", fastrand::u64(..)),
            sites,
            runs: Mutex::new(Runs::new(seed)),
            events: Sender::new(EVENTS),
            turns: Semaphore::new(1),
        }
    }

    pub(super) fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Notes that a request has arrived.
    pub(crate) fn begin(&self, key: &Key, asked: &Asked) -> Begun {
        let mut runs = self.lock();
        // Read under the lock, so that the order of the times is that of the numbers.
        runs.begin(key, asked, self.started.elapsed())
    }

    pub(crate) fn end(&self, begun: Begun, outcome: Outcome) {
        let mut runs = self.lock();
        runs.end(begun, outcome, self.started.elapsed());
    }

    /// Adds what a program says of its run. Returns whether there is such a run.
    pub(super) fn report(&self, key: &Key, report: Report) -> bool {
        self.lock().report(key, report)
    }

    /// Hides all runs and tells it to all readers.
    pub(super) fn clear(&self) {
        let mut runs = self.lock();
        runs.clear(self.started.elapsed());
        let text = format!(r#"{{"undoSeconds":{}}}"#, UNDO.as_secs());
        // Under the lock, as all events are sent: in the order in which they happened.
        self.tell("cleared", text);
    }

    /// Shows all readers again what was cleared. Returns whether it was still kept.
    pub(super) fn undo(&self) -> bool {
        let mut runs = self.lock();
        let is_undone = runs.undo(self.started.elapsed());
        if is_undone {
            let _ = self.events.send(News::Everything);
        }
        is_undone
    }

    /// Everything up to now, as JSON.
    pub(super) async fn to_json(self: &Arc<Self>, reader: Reader) -> String {
        let _turn = self.wait_for_turn().await;
        let snapshot = self.snapshot(&self.lock());
        self.write(snapshot, reader).await
    }

    /// The same, and the events from then on, none of them lost or twice.
    pub(super) async fn subscribe(
        self: &Arc<Self>,
        reader: Reader,
    ) -> (String, Receiver<News>) {
        let _turn = self.wait_for_turn().await;
        let (snapshot, events) = {
            let mut runs = self.lock();
            if self.events.receiver_count() == 0 {
                // What has changed while nobody listened is in the snapshot.
                runs.forget_changes();
            }
            (self.snapshot(&runs), self.events.subscribe())
        };
        (self.write(snapshot, reader).await, events)
    }

    /// Tells the changes to the readers, for as long as it is polled.
    pub(crate) async fn publish(&self) {
        let mut ticks = interval(PERIOD);
        // After a delay the next event is no sooner than usual.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = Instant::now();
        loop {
            ticks.tick().await;
            let is_quiet = told.elapsed() >= HEARTBEAT;
            if self.publish_changes(is_quiet) {
                told = Instant::now();
            }
        }
    }

    /// Tells what has changed, or that nothing has. Returns whether it told anything.
    fn publish_changes(&self, is_quiet: bool) -> bool {
        let mut runs = self.lock();
        let now = self.started.elapsed();
        runs.forget_cleared(now);
        if self.events.receiver_count() == 0 {
            return false;
        }
        if let Some(text) = runs.take_changes(now) {
            self.tell("changes", text);
        } else if is_quiet {
            self.tell("heartbeat", heartbeat(now));
        } else {
            return false;
        }
        true
    }

    /// It fails where the last reader has left meanwhile, and then need not be told.
    fn tell(&self, event: &str, text: String) {
        let _ = self.events.send(News::Event(Event::default().event(event).data(text)));
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
    async fn write(self: &Arc<Self>, snapshot: Snapshot, reader: Reader) -> String {
        let history = Arc::clone(self);
        let text = spawn_blocking(move || {
            let frame = Frame { server: &history.server, sites: &history.sites, reader };
            snapshot.runs.everything(&frame, snapshot.now)
        });
        text.await.expect("to write JSON does not panic")
    }

    /// Where another thread has panicked under the lock, a number may be off by one,
    /// which is no reason to stop the site.
    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn heartbeat(now: Duration) -> String {
    format!(r#"{{"now":{}}}"#, now.as_millis())
}
