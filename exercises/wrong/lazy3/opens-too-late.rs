//! Wrong: the task is woken, looks at the door, and finds it shut. Then it is opened, and
//! nobody looks any more.
//!
//! Told: The future was polled again as soon as it had woken somebody, and it was still
//! pending. The door has to be open by then.

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
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
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
        shared.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

fn main() {
    let door = Door::default();
    let opener = door.clone();
    observe::future::woken(door, || opener.open());
}
