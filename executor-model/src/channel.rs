//! A channel that keeps crossbeam's promises, in its simplest form: shuttle's own has a
//! single receiver, like that of `std`.

use std::collections::VecDeque;
use std::mem;
use std::sync::mpsc::{RecvError, SendError};

use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The end of a channel that takes values in.
pub struct Sender<T>(Arc<Channel<T>>);

/// The end of a channel that gives each value to one of its clones.
pub struct Receiver<T>(Arc<Channel<T>>);

struct Channel<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    queue: VecDeque<T>,
    room: usize,
    senders: usize,
    receivers: usize,
}

/// A channel that never makes a sender wait.
#[must_use]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    bounded(usize::MAX)
}

/// A channel that holds `room` values.
///
/// # Panics
/// If there is no room at all: the executor needs no such channel.
#[must_use]
pub fn bounded<T>(room: usize) -> (Sender<T>, Receiver<T>) {
    assert!(room > 0, "a channel without room is not modelled");
    let state = State { queue: VecDeque::new(), room, senders: 1, receivers: 1 };
    let (state, changed) = (Mutex::new(state), Condvar::new());
    let channel = Arc::new(Channel { state, changed });
    (Sender(Arc::clone(&channel)), Receiver(channel))
}

impl<T> Sender<T> {
    /// Puts `value` into the channel, as soon as there is room.
    ///
    /// # Errors
    /// If no receiver is left; then the value comes back.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let mut state = self
            .0
            .wait_while(|state| state.queue.len() == state.room && state.receivers > 0);
        if state.receivers == 0 {
            drop(state);
            return Err(SendError(value));
        }
        state.queue.push_back(value);
        self.0.changed(state);
        Ok(())
    }
}

impl<T> Receiver<T> {
    /// Takes the oldest value, as soon as there is one.
    ///
    /// # Errors
    /// If the channel is empty and no sender is left.
    pub fn recv(&self) -> Result<T, RecvError> {
        let mut state =
            self.0.wait_while(|state| state.queue.is_empty() && state.senders > 0);
        let value = state.queue.pop_front().ok_or(RecvError)?;
        self.0.changed(state);
        Ok(value)
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

/// Receives until the channel is empty and no sender is left.
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.lock().senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        self.0.lock().receivers += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.senders -= 1;
        self.0.changed(state);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.receivers -= 1;
        // What nobody can receive any more is dropped at once, and without the lock.
        let lost = if state.receivers == 0 {
            mem::take(&mut state.queue)
        } else {
            VecDeque::new()
        };
        self.0.changed(state);
        drop(lost);
    }
}

impl<T> Channel<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(
        &self,
        mut condition: impl FnMut(&State<T>) -> bool,
    ) -> MutexGuard<'_, State<T>> {
        self.changed
            .wait_while(self.lock(), |state| condition(state))
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, state: MutexGuard<'_, State<T>>) {
        drop(state);
        self.changed.notify_all();
    }
}
