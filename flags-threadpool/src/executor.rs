//! A pool of threads and the futures that it hands out.
//!
//! A *future* stands for a result that may not be there yet. `submit` puts a job into a
//! queue and returns its future at once. A worker, one of the pool's threads, takes the
//! job, runs it, and leaves the result in the future, where all who hold it can wait:
//!
//! ```text
//! pending ── a worker takes the job ──▶ running ── it returns or panics ──▶ finished
//!    └────── cancel() ──▶ cancelled
//! ```
//!
//! The rules are those of Python's `concurrent.futures`. Two tools do all the waiting:
//!
//! - What *moves* between threads goes through a channel: jobs to workers, and finished
//!   futures to whoever waits for them. Each value reaches one receiver, and the channel
//!   closes by itself when no sender is left. It is crossbeam's, because all workers
//!   receive from one queue, and a channel of `std` has a single receiver.
//! - What *stays* and is read by many, the state of a future, is in a `Mutex`, with a
//!   `Condvar` to sleep on until it changes. While one of our locks is held, no job and
//!   no callback runs: it could ask for the same lock, and wait for ever.

use std::any::type_name;
use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fmt, iter, mem};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};

/// A pool of at most `max_workers` threads, each started only when it is needed.
///
/// Dropping it waits until all submitted jobs have run, like the end of Python's `with`.
/// Only a worker that drops its own pool does not wait, for it would wait for itself.
pub struct ThreadPoolExecutor {
    sender: Sender<Task>,
    queue: Receiver<Task>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    max_workers: usize,
    // Workers waiting for a job, minus jobs waiting for a worker. It is only a count, so
    // it is used `Relaxed`; what the threads share reaches them through the queue.
    spare: Arc<AtomicIsize>,
}

type Task = Box<dyn FnOnce() + Send>;

/// How many jobs [`map`](ThreadPoolExecutor::map) submits for each worker before the
/// first result is taken: enough that none is idle while a slow one holds up the row.
pub const AHEAD: usize = 16;

impl ThreadPoolExecutor {
    /// Makes a pool that has no thread yet.
    ///
    /// # Panics
    /// If `max_workers` is 0, for then no job would ever run.
    #[must_use]
    pub fn new(max_workers: usize) -> Self {
        assert!(max_workers > 0, "a thread pool needs at least one worker");
        let (sender, queue) = unbounded();
        let (workers, spare) = (Mutex::default(), Arc::default());
        Self { sender, queue, workers, max_workers, spare }
    }

    /// Gives `job` to a worker that is spare; else to a new one; else (when `max_workers`
    /// work, or the system refuses another thread) to the first that becomes free.
    ///
    /// `T` is `Sync` because all who hold the future may read the result at one time. A
    /// job should not wait for another job of its pool: when all workers do so, none is
    /// left to run what they wait for.
    ///
    /// # Panics
    /// If the system refuses even the first thread.
    pub fn submit<T: Send + Sync + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Future<T> {
        let future = Future::new();
        let handle = CancelOnDrop(future.clone());
        let task: Task = Box::new(move || handle.0.run(job));
        // Locked to the end, so that two submits never count on the same spare worker.
        let mut workers = lock(&self.workers);
        if let Some(first_task) = self.start_worker(&mut workers) {
            future.start();
            first_task.send(task).expect("the new worker waits for it");
        } else {
            self.spare.fetch_sub(1, Ordering::Relaxed);
            self.sender.send(task).expect("self.queue keeps the channel open");
        }
        future
    }

    /// Submits `function(item)` for the items at once; yields the results in their order.
    ///
    /// At most [`AHEAD`] jobs per worker are submitted ahead of the next result, so that
    /// endless items need no endless memory (as with Python's `buffersize`). Dropping
    /// the iterator cancels the jobs that have not begun.
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

    /// Ends the pool. It takes `self`, so that a later `submit` does not compile.
    ///
    /// With `cancel_queued`, the jobs that have not begun are cancelled. With `wait`, it
    /// returns when the others are done; else they go on for as long as the program does.
    pub fn shutdown(self, wait: bool, cancel_queued: bool) {
        if cancel_queued {
            self.queue.try_iter().for_each(drop);
        }
        if !wait {
            lock(&self.workers).clear();
        }
    }

    // Starts a worker if one is needed, and returns the channel for its first task, which
    // is not moved into the thread's closure: that is lost when the system refuses.
    fn start_worker(&self, workers: &mut Vec<JoinHandle<()>>) -> Option<Sender<Task>> {
        if self.spare.load(Ordering::Relaxed) > 0 || workers.len() == self.max_workers {
            return None;
        }
        let (first_task, first) = bounded(1);
        let (queue, spare) = (self.queue.clone(), Arc::clone(&self.spare));
        let name = format!("worker-{}", workers.len() + 1);
        let worker = thread::Builder::new().name(name).spawn(move || {
            for task in first.into_iter().chain(queue) {
                // The job's panics are caught in `run`; this is for those of a `drop`.
                let _ = catch(task);
                spare.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert!(worker.is_ok() || !workers.is_empty(), "no thread can start: {worker:?}");
        workers.push(worker.ok()?);
        Some(first_task)
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

// A job that is thrown away before it has begun cancels its future: nobody waits in vain.
struct CancelOnDrop<T>(Future<T>);

impl<T> Drop for CancelOnDrop<T> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The result of a job, now or later. Clones are handles to the same future.
///
/// It is not a `std::future::Future`, which does nothing unless polled: this one's job is
/// run by a thread, even when no handle is left, and one waits for it by blocking.
pub struct Future<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    done: Condvar,
}

enum State<T> {
    Pending(Vec<Callback<T>>),
    Running(Vec<Callback<T>>),
    Done(Result<Arc<T>, FutureError>),
}

type Callback<T> = Box<dyn FnOnce(&Future<T>) + Send>;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FutureError {
    /// The job was cancelled before it began.
    #[error("cancelled")]
    Cancelled,
    /// The time was up before the job was done.
    #[error("timed out")]
    TimedOut,
    /// The job panicked with this message.
    #[error("panicked: {0}")]
    Panicked(String),
}

impl<T> Future<T> {
    /// Whether the job is over: it returned, panicked or was cancelled.
    #[must_use]
    pub fn done(&self) -> bool {
        matches!(*lock(&self.0.state), State::Done(_))
    }

    /// Whether a worker runs the job now.
    #[must_use]
    pub fn running(&self) -> bool {
        matches!(*lock(&self.0.state), State::Running(_))
    }

    /// Whether the job was cancelled.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        matches!(*lock(&self.0.state), State::Done(Err(FutureError::Cancelled)))
    }

    /// Cancels the job if it has not begun; true if it is cancelled, now or before.
    #[expect(clippy::must_use_candidate, reason = "not everybody asks whether it worked")]
    pub fn cancel(&self) -> bool {
        let state = lock(&self.0.state);
        if let State::Pending(_) = *state {
            self.finish(state, State::Done(Err(FutureError::Cancelled)));
            return true;
        }
        matches!(*state, State::Done(Err(FutureError::Cancelled)))
    }

    /// Calls `callback` once: in the thread that ends or cancels the job, or here and now
    /// if it is over already. After a panic in a callback the next one is called still.
    pub fn add_done_callback(&self, callback: impl FnOnce(&Self) + Send + 'static) {
        let mut state = lock(&self.0.state);
        if let State::Pending(callbacks) | State::Running(callbacks) = &mut *state {
            return callbacks.push(Box::new(callback));
        }
        drop(state);
        let _ = catch(|| callback(self));
    }

    fn new() -> Self {
        let state = Mutex::new(State::Pending(Vec::new()));
        Self(Arc::new(Shared { state, done: Condvar::new() }))
    }

    fn start(&self) {
        let mut state = lock(&self.0.state);
        if let State::Pending(callbacks) = &mut *state {
            *state = State::Running(mem::take(callbacks));
        }
    }

    fn run(&self, job: impl FnOnce() -> T) {
        self.start(); // Changes nothing if `submit` has done it, or `cancel` was faster.
        if self.running() {
            let done = State::Done(catch(job).map(Arc::new));
            self.finish(lock(&self.0.state), done);
        }
    }

    fn finish(&self, mut state: MutexGuard<State<T>>, done: State<T>) {
        let before = mem::replace(&mut *state, done);
        drop(state); // First unlock, then wake the others and call the callbacks.
        self.0.done.notify_all();
        if let State::Pending(callbacks) | State::Running(callbacks) = before {
            for callback in callbacks {
                let _ = catch(|| callback(self));
            }
        }
    }
}

impl<T: Clone> Future<T> {
    /// Blocks until the job is over. Gives the same answer each time, hence the `Clone`.
    ///
    /// # Errors
    /// [`FutureError::Cancelled`] or [`FutureError::Panicked`].
    pub fn result(&self) -> Result<T, FutureError> {
        self.result_timeout(Duration::MAX)
    }

    /// Like [`result`](Self::result), but blocks for at most `timeout`.
    ///
    /// # Errors
    /// Also [`FutureError::TimedOut`], in which case the job goes on.
    pub fn result_timeout(&self, timeout: Duration) -> Result<T, FutureError> {
        let not_done = |state: &mut State<T>| !matches!(state, State::Done(_));
        let state = lock(&self.0.state);
        let waited = self.0.done.wait_timeout_while(state, timeout, not_done);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let State::Done(outcome) = &*state else { return Err(FutureError::TimedOut) };
        let outcome = outcome.clone();
        drop(state); // Only the `Arc` was cloned so far; `T::clone` is foreign code.
        outcome.map(|result| T::clone(&result))
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Display for Future<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let type_name = short_type_name::<T>();
        let state = match &*lock(&self.0.state) {
            State::Pending(_) => "pending",
            State::Running(_) => "running",
            State::Done(Err(FutureError::Cancelled)) => "cancelled",
            State::Done(Err(_)) => "finished panicked",
            State::Done(Ok(_)) => &format!("finished returned {type_name}"),
        };
        write!(formatter, "<Future state={state}>")
    }
}

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
/// futures that are not done, until they are. A loop should keep to one iterator.
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
    /// One job has panicked (being cancelled is no failure), or all are done.
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
        ReturnWhen::FirstFailed => completed.find(|future| {
            matches!(*lock(&future.0.state), State::Done(Err(FutureError::Panicked(_))))
        }),
        ReturnWhen::AllCompleted => completed.last(),
    };
    futures.into_iter().partition(Future::done)
}

fn distinct<T>(futures: impl IntoIterator<Item = Future<T>>) -> Vec<Future<T>> {
    let mut seen = HashSet::new();
    futures.into_iter().filter(|future| seen.insert(Arc::as_ptr(&future.0))).collect()
}

// Locks, poisoned or not: no code that could panic half-way through a change runs here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// `AssertUnwindSafe`: nobody sees what a panic left half-done, for it is dropped with it.
fn catch<R>(code: impl FnOnce() -> R) -> Result<R, FutureError> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        FutureError::Panicked(text.unwrap_or_else(|| "no message".to_owned()))
    })
}

// `Option<String>` for `core::option::Option<alloc::string::String>`.
fn short_type_name<T>() -> String {
    let in_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let parts = type_name::<T>().split_inclusive(|c| !in_path(c));
    parts.map(|part| part.rsplit_once("::").map_or(part, |(_, name)| name)).collect()
}
