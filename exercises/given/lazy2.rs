//! A future that counts down.
//!
//! A countdown from 3 is to be pending three times, and ready when it is polled for the
//! fourth time. This one is ready at once. Write its `poll`: while there is something
//! left to count, it takes one away, wakes whoever polls it, and is pending.
//!
//! Now: The countdown from 3 was ready at poll number 1, and it should be at number 4.

use std::pin::Pin;
use std::task::{Context, Poll};

use exercises::observe;

struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(if self.left == 0 { "lift-off" } else { "too early" })
    }
}

fn main() {
    for from in [0, 3, 10] {
        observe::polls(&format!("polls-from-{from}"), Countdown { left: from });
    }
}
