//! A pool of threads on one screen, to be read before `executor.rs`.

use std::{iter, sync::Arc, thread};

use crossbeam_channel::{Sender, bounded, unbounded};

/// A pool that can `map`, and nothing else. Dropping it waits until all work is done.
///
/// [`ThreadPoolExecutor`](crate::ThreadPoolExecutor) has what is missing here. It starts
/// a thread only when needed, and makes do with fewer if the system refuses one; `new`
/// here panics. Its futures show their state, and can be cancelled. Its `map` takes
/// endless items. A panic ends none of its threads; here each ends one, and with the last
/// one all work.
pub struct SimplePool {
    sender: Sender<Work>,
    threads: Vec<thread::JoinHandle<()>>,
}

type Work = Box<dyn FnOnce() + Send>;

/// The work has panicked, or all threads had ended by a panic before it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("lost by a panic")]
pub struct NoResult;

impl SimplePool {
    /// Starts all `threads`; each takes work from the queue until it is closed and empty.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let (sender, queue) = unbounded::<Work>();
        let threads = iter::repeat_n(queue, threads)
            .map(|queue| thread::spawn(move || queue.iter().for_each(|work| work())));
        Self { sender, threads: threads.collect() }
    }

    /// Does `function(item)` for each item, and yields the results in their order.
    pub fn map<I: Send + 'static, T: Send + 'static>(
        &self,
        function: impl Fn(I) -> T + Send + Sync + 'static,
        items: impl IntoIterator<Item = I>,
    ) -> impl Iterator<Item = Result<T, NoResult>> {
        let function = Arc::new(function);
        let submit = |item| {
            // A channel for each result: a panic closes it, so that nobody waits in vain.
            let (function, (result, future)) = (Arc::clone(&function), bounded(1));
            let work: Work = Box::new(move || drop(result.send(function(item))));
            let _ = self.sender.send(work); // With no thread left, this drops the work.
            future
        };
        let futures: Vec<_> = items.into_iter().map(submit).collect();
        futures.into_iter().map(|future| future.recv().map_err(|_| NoResult))
    }
}

impl Drop for SimplePool {
    fn drop(&mut self) {
        self.sender = unbounded().0; // The queue has lost its only sender: it is closed.
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}
