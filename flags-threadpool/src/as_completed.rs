//! Waiting for several futures, and taking them as they come.

use std::collections::HashSet;
use std::iter;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, unbounded};

use crate::future::{Future, FutureError};

/// Yields each future once, when it is done; those that are done already come first.
///
/// Each future gets a callback that sends it into a channel, from which we receive. A
/// callback holds a sender, and is gone when it has been called: so after the last one no
/// sender is left, the channel closes, and the iteration ends.
pub fn as_completed<T: Send + Sync + 'static>(
    futures: impl IntoIterator<Item = Future<T>>,
) -> impl Iterator<Item = Future<T>> {
    as_completed_timeout(futures, Duration::MAX).flatten()
}

/// Like [`as_completed`], but when `timeout` has passed since the call, and no more
/// futures are done, [`FutureError::TimedOut`] is the last item.
///
/// An iterator that is left early leaves its callbacks, some 50 bytes each, with those
/// futures that are not done, until they are. A loop should use one iterator, not
/// make one in each round.
pub fn as_completed_timeout<T: Send + Sync + 'static>(
    futures: impl IntoIterator<Item = Future<T>>,
    timeout: Duration,
) -> impl Iterator<Item = Result<Future<T>, FutureError>> {
    let start = Instant::now();
    let (sender, receiver) = unbounded();
    for future in distinct(futures) {
        let sender = sender.clone();
        future.add_done_callback(move |future| {
            let _ = sender.send(future.clone()); // Fails if the iterator was left early.
        });
    }
    let mut completed = Some(receiver);
    iter::from_fn(move || {
        match completed.as_ref()?.recv_timeout(timeout.saturating_sub(start.elapsed())) {
            Ok(future) => Some(Ok(future)),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                completed = None;
                Some(Err(FutureError::TimedOut))
            }
        }
    })
}

/// What [`wait`] waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnWhen {
    /// One future is done.
    FirstCompleted,
    /// One has panicked (being cancelled is no failure), or all are done.
    FirstFailed,
    /// All are done.
    AllCompleted,
}

/// Waits, for at most `timeout`, and returns the futures that are done then and the
/// others, each once. To take them one by one, a loop over [`as_completed`] is cheaper.
pub fn wait<T: Send + Sync + 'static>(
    futures: impl IntoIterator<Item = Future<T>>,
    timeout: Option<Duration>,
    return_when: ReturnWhen,
) -> (Vec<Future<T>>, Vec<Future<T>>) {
    let futures = distinct(futures);
    let timeout = timeout.unwrap_or(Duration::MAX);
    let mut completed = as_completed_timeout(futures.clone(), timeout).flatten();
    match return_when {
        ReturnWhen::FirstCompleted => completed.next(),
        ReturnWhen::FirstFailed => completed.find(Future::has_panicked),
        ReturnWhen::AllCompleted => completed.last(),
    };
    futures.into_iter().partition(Future::done)
}

fn distinct<T>(futures: impl IntoIterator<Item = Future<T>>) -> Vec<Future<T>> {
    let mut seen = HashSet::new();
    futures.into_iter().filter(|future| seen.insert(future.id())).collect()
}
