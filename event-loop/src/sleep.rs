//! Waiting for the time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::event::Event;
use crate::event_loop::EventLoop;

/// The leaf future that is ready when its time has come.
pub struct Sleep<'a> {
    event_loop: &'a EventLoop,
    end: Instant,
    timer: Event,
}

impl EventLoop {
    /// Waits until this `time` has passed.
    ///
    /// # Panics
    ///
    /// When that is later than the clock of the system can tell.
    pub fn sleep(&self, time: Duration) -> Sleep<'_> {
        let end = Instant::now() + time;
        Sleep { event_loop: self, end, timer: self.timer(end) }
    }
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.end {
            return Poll::Ready(());
        }
        self.event_loop.wait_for(self.timer, context);
        Poll::Pending
    }
}

/// Takes its waker out of the loop. Else a task would be woken, seconds later, because of
/// a flag that has arrived in time.
impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        self.event_loop.forget(self.timer);
    }
}
