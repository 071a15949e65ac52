//! What the loop does, step by step, for whoever wants to watch it.

use std::time::Duration;

use crate::event::Event;

/// One step of the loop. Tasks are named by their place among the futures, from 0.
///
/// The signs are those of *Fluent Python*, 1st ed., section 18.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// ❶ This many futures have become tasks, and stand in the queue.
    Begin(usize),
    /// ❷ The task is polled for the first time, or ❻ once more.
    Poll(usize),
    /// ❸ The task that is being polled has left its waker with this event.
    WaitFor(Event),
    /// ❸ The task has to wait: it gives the thread back.
    Pending(usize),
    /// The task has finished.
    Ready(usize),
    /// ❹ The queue is empty: the system waits.
    Wait {
        /// How many wakers lie with sockets.
        sockets: usize,
        /// How long the system waits at most; for ever where no task waits for the time.
        timeout: Option<Duration>,
    },
    /// ❺ The event has happened, and its waker is called.
    Wake(Event),
    /// ❺ Another thread has called a waker, and rings.
    Bell,
}
