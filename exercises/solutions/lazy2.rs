//! Each poll takes one away. It is this future itself that asks to be polled again, since
//! there is no timer and no socket that would do so later.

use std::pin::Pin;
use std::task::{Context, Poll};

use exercises::observe;

struct Countdown {
    left: u32,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready("lift-off");
        }
        self.left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {
    for from in [0, 3, 10] {
        observe::polls(&format!("polls-from-{from}"), Countdown { left: from });
    }
}
