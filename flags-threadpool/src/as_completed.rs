//! Taking futures as they complete.

use std::collections::HashSet;

use crossbeam_channel::unbounded;

use crate::future::Future;

/// Yields each future once, when it is done; those that are done already come first.
///
/// Each future gets a callback that sends it into a channel, from which we receive. A
/// callback holds a sender, and is gone when it has been called: so after the last one no
/// sender is left, the channel closes, and the iteration ends.
///
/// An iterator that is left early leaves its callbacks, some 50 bytes each, with those
/// futures that are not done, until they are. A loop should use one iterator, not
/// make one in each round.
pub fn as_completed<T: Send + Sync + 'static>(
    futures: impl IntoIterator<Item = Future<T>>,
) -> impl Iterator<Item = Future<T>> {
    let (sender, receiver) = unbounded();
    let mut seen = HashSet::new();
    for future in futures.into_iter().filter(|future| seen.insert(future.id())) {
        let sender = sender.clone();
        future.add_done_callback(move |future| {
            let _ = sender.send(future.clone()); // Fails if the iterator was left early.
        });
    }
    receiver.into_iter()
}
