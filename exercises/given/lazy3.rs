//! A door that wakes nobody.
//!
//! A `Door` is a future that is ready when another thread has opened the door. Two things
//! are wrong with it:
//!
//! - `open` wakes nobody. So a task that waits for the door waits for ever.
//! - It keeps the waker of the first poll. But a future may be polled with another waker
//!   the next time, because it has moved to another task, and then only the latest one
//!   counts.
//!
//! Mend both. As long as the door is shut, nobody is to be woken.
//!
//! Now: The door was opened, and nobody was woken: the task would wait for ever.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use exercises::observe;

#[derive(Default, Clone)]
struct Door(Arc<Mutex<Shared>>);

/// What the thread that opens the door and the task that waits for it share.
#[derive(Default)]
struct Shared {
    is_open: bool,
    waker: Option<Waker>,
}

impl Door {
    fn open(&self) {
        self.lock().is_open = true;
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().expect("nothing panics while it is locked")
    }
}

impl Future for Door {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.lock();
        if shared.is_open {
            return Poll::Ready(());
        }
        if shared.waker.is_none() {
            shared.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

fn main() {
    let door = Door::default();
    let opener = door.clone();
    observe::future::woken(door, || opener.open());
}
