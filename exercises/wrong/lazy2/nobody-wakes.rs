//! Wrong: it is pending, and nobody would ever poll it again.
//!
//! Told: The countdown from 3 never came to its end: while it is pending, it has to wake
//! whoever polls it.

use std::pin::Pin;
use std::task::{Context, Poll};

use exercises::observe;

struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready("lift-off");
        }
        self.left -= 1;
        Poll::Pending
    }
}

fn main() {
    for from in [0, 3, 10] {
        observe::polls(&format!("polls-from-{from}"), Countdown { left: from });
    }
}
