//! An end for every wait: a test that waits in vain must not hang for ever.

use std::process;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Far longer than anything takes that these tests wait for, on a busy machine too.
const LIMIT: Duration = Duration::from_secs(300);

/// Ends the tests as failed unless it is dropped within [`LIMIT`].
pub(crate) struct Limit {
    _until_dropped: Sender<()>,
}

impl Limit {
    pub(crate) fn start() -> Self {
        let (until_dropped, dropped) = mpsc::channel::<()>();
        let test = thread::current().name().unwrap_or("a test").to_owned();
        thread::spawn(move || {
            if dropped.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{test} has waited for {LIMIT:?} in vain");
                process::exit(1);
            }
        });
        Self { _until_dropped: until_dropped }
    }
}
