//! Wrong: somebody is woken, but perhaps a task that has long given the future away.
//!
//! Told: The future was polled with one waker and then with another, and the first was
//! called when the door was opened. It should be the latest.

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
        let mut shared = self.lock();
        shared.is_open = true;
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
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
