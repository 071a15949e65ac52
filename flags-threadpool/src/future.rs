//! The future: a result that may not be there yet, and all who wait for it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, mem};

/// The result of work, now or later. Clones are handles to the same future.
///
/// It is not a `std::future::Future`, which does nothing unless polled: this one's work
/// is done by a thread, even when no handle is left, and one waits for it by blocking.
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

/// What tells a future from all others that there are at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(usize);

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FutureError {
    /// The work was cancelled before it began.
    #[error("cancelled")]
    Cancelled,
    /// The time was up before the work was done.
    #[error("timed out")]
    TimedOut,
    /// The work panicked with this message.
    #[error("panicked: {0}")]
    Panicked(String),
}

/// What is known of a panic, from what it leaves to those who catch it or join its
/// thread.
impl From<Box<dyn Any + Send>> for FutureError {
    fn from(payload: Box<dyn Any + Send>) -> Self {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        // To drop it may panic in its turn, and what that leaves as well: so forget that.
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(another);
        }
        Self::Panicked(text.unwrap_or_else(|| "no message".to_owned()))
    }
}

impl<T> Future<T> {
    /// The same for all handles to one future.
    #[must_use]
    pub fn id(&self) -> Id {
        Id(Arc::as_ptr(&self.0).addr())
    }

    /// Whether the work is over: it returned, panicked or was cancelled.
    #[must_use]
    pub fn done(&self) -> bool {
        matches!(*lock(&self.0.state), State::Done(_))
    }

    /// Whether a worker has the work now.
    #[must_use]
    pub fn running(&self) -> bool {
        matches!(*lock(&self.0.state), State::Running(_))
    }

    /// Whether the work was cancelled.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        matches!(*lock(&self.0.state), State::Done(Err(FutureError::Cancelled)))
    }

    /// Cancels the work if it has not begun; true if it is cancelled, now or before.
    #[expect(clippy::must_use_candidate, reason = "not everybody asks whether it worked")]
    pub fn cancel(&self) -> bool {
        let state = lock(&self.0.state);
        if let State::Pending(_) = *state {
            self.finish(state, State::Done(Err(FutureError::Cancelled)));
            return true;
        }
        matches!(*state, State::Done(Err(FutureError::Cancelled)))
    }

    /// Calls `callback` once: in the thread that ends or cancels the work, or here and
    /// now if it is over already. After a panic in a callback the next one is called
    /// still.
    pub fn add_done_callback(&self, callback: impl FnOnce(&Self) + Send + 'static) {
        let mut state = lock(&self.0.state);
        if let State::Pending(callbacks) | State::Running(callbacks) = &mut *state {
            return callbacks.push(Box::new(callback));
        }
        drop(state);
        let _ = catch(|| callback(self));
    }

    pub(crate) fn new() -> Self {
        let state = Mutex::new(State::Pending(Vec::new()));
        Self(Arc::new(Shared { state, done: Condvar::new() }))
    }

    pub(crate) fn start(&self) {
        let mut state = lock(&self.0.state);
        if let State::Pending(callbacks) = &mut *state {
            *state = State::Running(mem::take(callbacks));
        }
    }

    pub(crate) fn run(&self, work: impl FnOnce() -> T) {
        self.start(); // Changes nothing if `submit` has done it, or `cancel` was faster.
        if self.running() {
            let done = State::Done(catch(work).map(Arc::new));
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
    /// Blocks until the work is over. Gives the same answer each time, hence the `Clone`.
    ///
    /// # Errors
    /// [`FutureError::Cancelled`] or [`FutureError::Panicked`].
    pub fn result(&self) -> Result<T, FutureError> {
        self.result_timeout(Duration::MAX)
    }

    /// Like [`result`](Self::result), but blocks for at most `timeout`.
    ///
    /// # Errors
    /// Also [`FutureError::TimedOut`], in which case the work goes on.
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
        let state = match &*lock(&self.0.state) {
            State::Pending(_) => "pending",
            State::Running(_) => "running",
            State::Done(Err(FutureError::Cancelled)) => "cancelled",
            State::Done(Err(_)) => "finished panicked",
            State::Done(Ok(_)) => "finished",
        };
        write!(formatter, "<Future state={state}>")
    }
}

// Locks, poisoned or not: no code that could panic half-way through a change runs here.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// `AssertUnwindSafe`: nobody sees what a panic left half-done, for it is dropped with it.
pub(crate) fn catch<R>(code: impl FnOnce() -> R) -> Result<R, FutureError> {
    catch_unwind(AssertUnwindSafe(code)).map_err(FutureError::from)
}
