//! Wrong: it is ready in the poll that takes the last one away.
//!
//! Told: The countdown from 3 was ready at poll number 3, and it should be at number 4.

use std::pin::Pin;
use std::task::{Context, Poll};

use exercises::observe;

struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Poll::Ready("lift-off");
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {
    for from in [0, 3, 10] {
        observe::polls(&format!("polls-from-{from}"), Countdown { left: from });
    }
}
