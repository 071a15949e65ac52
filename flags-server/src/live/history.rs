//! The runs of all sites, behind a lock, and those who want to hear of them.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use flags_server::Outcome;
use serde::Serialize;
use tokio::sync::watch::{Receiver, Sender};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::journal::Journal;
use super::runs::{
    Asked, Begun, Everything, Forgotten, Key, Milliseconds, Report, Reported, Runs, UNDO,
};

/// How often readers are told of changes: often enough to look like movement, and
/// seldom enough that a thousand requests in this time are one event.
pub(super) const PERIOD: Duration = Duration::from_millis(50);
/// How long readers hear nothing at most, so that they know at once when the server is
/// gone, and that they have missed nothing while it is not.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(2);

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
    journal: Sender<Journal>,
}

/// A site, as the page introduces it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) behaviour: String,
    pub(crate) url: String,
    pub(crate) port: u16,
}

/// What is the same for all runs, and differs from one reader to the next.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Frame<'a> {
    now: Milliseconds,
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

impl History {
    pub(crate) fn new(sites: Vec<Site>, seed: Option<u64>) -> Self {
        Self {
            started: Instant::now(),
            server: format!("{:016x}", fastrand::u64(..)),
            sites,
            runs: Mutex::new(Runs::new(seed)),
            journal: Sender::default(),
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

    /// Adds what a program says of its run.
    pub(super) fn report(&self, key: &Key, report: Report) -> Reported {
        self.lock().report(key, report)
    }

    /// Hides all runs and tells it to all readers.
    pub(super) fn clear(&self) {
        let mut runs = self.lock();
        runs.clear(self.started.elapsed());
        let data = format!(r#"{{"undoSeconds":{}}}"#, UNDO.as_secs());
        // Under the lock, as all events are told: in the order in which they happened.
        self.tell("cleared", data.as_bytes());
    }

    /// Shows all readers again what was cleared. Returns whether it was still kept.
    pub(super) fn undo(&self) -> bool {
        let mut runs = self.lock();
        let is_undone = runs.undo(self.started.elapsed());
        if is_undone {
            self.tell("undone", b"{}");
            self.journal.send_modify(Journal::push_everything);
        }
        is_undone
    }

    /// Everything up to now, as JSON: how it begins, and the runs, which come last. The
    /// list of them and the object around it are not yet closed.
    pub(super) fn everything(&self, reader: Reader) -> (String, Everything) {
        let (now, everything) = {
            let runs = self.lock();
            (Milliseconds(self.started.elapsed()), runs.everything())
        };
        let frame = Frame { now, server: &self.server, sites: &self.sites, reader };
        let frame = serde_json::to_string(&frame);
        let mut head = frame.expect("it has only texts, numbers and lists");
        head.pop();
        (head + r#","runs":["#, everything)
    }

    /// The next piece of the runs; `None` at their end.
    ///
    /// It is written under the lock, which no site can do without, and so in pieces that
    /// take no longer than some requests.
    pub(super) fn next_piece(
        &self,
        everything: &mut Everything,
    ) -> Result<Option<Bytes>, Forgotten> {
        everything.next_piece(&mut self.lock())
    }

    /// What happens from now on, and the place in it where that begins.
    pub(super) fn subscribe(&self) -> (Receiver<Journal>, u64) {
        let mut runs = self.lock();
        if self.journal.receiver_count() == 0 {
            // What has changed while nobody listened need not be told as a change.
            runs.forget_changes(self.started.elapsed());
        }
        let journal = self.journal.subscribe();
        let place = journal.borrow().end();
        (journal, place)
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
        if self.journal.receiver_count() == 0 {
            self.journal.send_modify(Journal::forget);
            return false;
        }
        if let Some(data) = runs.take_changes(now) {
            self.tell("changes", &data);
        } else if is_quiet {
            self.tell("heartbeat", heartbeat(now).as_bytes());
        } else {
            return false;
        }
        true
    }

    fn tell(&self, event: &str, data: &[u8]) {
        self.journal.send_modify(|journal| journal.push(event, data));
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
