//! The pool: threads that take work from one queue.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::{iter, mem};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::future::{Future, FutureError, catch, lock};

/// A pool of at most `max_workers` threads, each started only when it is needed.
///
/// Dropping it waits until all submitted work is done, like the end of Python's `with`.
/// Only a worker that drops its own pool does not wait, for it would wait for itself.
pub struct ThreadPoolExecutor {
    sender: Sender<Work>,
    queue: Receiver<Work>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    max_workers: usize,
    // Workers that wait for work, minus work that waits for a worker. It is only a count,
    // so it is used `Relaxed`; what the threads share reaches them through the queue.
    spare: Arc<AtomicIsize>,
}

type Work = Box<dyn FnOnce() + Send>;

/// How many items [`map`](ThreadPoolExecutor::map) submits for each worker before the
/// first result is taken: so that few are idle while a slow one holds up the rest.
pub const AHEAD: usize = 16;

impl ThreadPoolExecutor {
    /// Makes a pool that has no thread yet.
    ///
    /// # Panics
    /// If `max_workers` is 0, for then no work would ever be done.
    #[must_use]
    pub fn new(max_workers: usize) -> Self {
        assert!(max_workers > 0, "a thread pool needs at least one worker");
        let (sender, queue) = unbounded();
        let (workers, spare) = (Mutex::default(), Arc::default());
        Self { sender, queue, workers, max_workers, spare }
    }

    /// Gives `work` to a worker that is spare; else to a new one; else (when all are busy
    /// and no other may start, or can) to the first that becomes free.
    ///
    /// `T` is `Sync` because all who hold the future may read the result at one time.
    /// Work should not wait for other work of its pool: when all workers do so, none is
    /// left to do what they wait for.
    ///
    /// # Panics
    /// If the system refuses even the first thread.
    pub fn submit<T: Send + Sync + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Future<T> {
        let future = Future::new();
        let handle = CancelOnDrop(future.clone());
        let work: Work = Box::new(move || handle.0.run(work));
        // Locked to the end, so that two submits never count on the same spare worker.
        let mut workers = lock(&self.workers);
        if let Some(first_work) = self.start_worker(&mut workers) {
            // Running already, though its thread may begin later: see `lib.rs`.
            future.start();
            first_work.send(work).expect("the new worker waits for it");
        } else {
            self.spare.fetch_sub(1, Ordering::Relaxed);
            self.sender.send(work).expect("self.queue keeps the channel open");
        }
        future
    }

    /// Submits `function(item)` for each item, and yields the results in their order.
    ///
    /// At most [`AHEAD`] items per worker are submitted ahead of the next result, so that
    /// endless items need no endless memory (as with Python's `buffersize`). Dropping
    /// the iterator cancels what has not begun.
    pub fn map<T, F, I>(
        &self,
        function: F,
        items: I,
    ) -> impl Iterator<Item = Result<T, FutureError>>
    where
        T: Clone + Send + Sync + 'static,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        I: IntoIterator<Item: Send + 'static>,
    {
        let function = Arc::new(function);
        let submit = move |item| {
            let function = Arc::clone(&function);
            CancelOnDrop(self.submit(move || function(item)))
        };
        let mut items = items.into_iter();
        let at_once = items.by_ref().take(self.max_workers.saturating_mul(AHEAD));
        let mut ahead: VecDeque<_> = at_once.map(&submit).collect();
        iter::from_fn(move || {
            let next = ahead.pop_front()?;
            ahead.extend(items.next().map(&submit));
            Some(next.0.result())
        })
    }

    // Starts a worker if one is needed, and returns the channel for its first work. The
    // thread's closure does not own that work: it would be lost if no thread can start.
    fn start_worker(&self, workers: &mut Vec<JoinHandle<()>>) -> Option<Sender<Work>> {
        if self.spare.load(Ordering::Relaxed) > 0 || workers.len() == self.max_workers {
            return None;
        }
        let (first_work, first) = bounded(1);
        let (queue, spare) = (self.queue.clone(), Arc::clone(&self.spare));
        let name = format!("worker-{}", workers.len() + 1);
        let worker = thread::Builder::new().name(name).spawn(move || {
            for work in first.into_iter().chain(queue) {
                // `run` catches panics of the work; this is for the drop of what it held.
                let _ = catch(work);
                spare.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert!(worker.is_ok() || !workers.is_empty(), "no thread can start: {worker:?}");
        workers.push(worker.ok()?);
        Some(first_work)
    }
}

impl Drop for ThreadPoolExecutor {
    fn drop(&mut self) {
        // With its only sender replaced, the queue closes: the workers empty it, and end.
        self.sender = unbounded().0;
        let workers = mem::take(&mut *lock(&self.workers));
        if workers.iter().all(|worker| worker.thread().id() != thread::current().id()) {
            for worker in workers {
                let _ = worker.join();
            }
        }
    }
}

// Work that is thrown away before it has begun cancels its future: nobody waits in vain.
struct CancelOnDrop<T>(Future<T>);

impl<T> Drop for CancelOnDrop<T> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
