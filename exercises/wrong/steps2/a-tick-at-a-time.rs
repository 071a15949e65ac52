//! Wrong: everything is in time, but every millisecond all sleepers are woken to look at
//! the clock.
//!
//! Told: All that was waited for happened in time, but the loop has slept 700 times. 6
//! times are enough, each until the next time.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

use exercises::observe::steps::{Clock, Tasks};

#[derive(Default)]
struct EventLoop {
    clock: Clock,
    /// Until when somebody sleeps, in milliseconds, and whom to wake then.
    sleepers: RefCell<Vec<(u64, Waker)>>,
}

impl EventLoop {
    /// ❹ Sleeps until a time, ❺ and wakes who waits for it.
    fn wait(&self) {
        self.clock.sleep_until(self.clock.now() + 1);
        for (_, waker) in self.sleepers.take() {
            waker.wake();
        }
    }

    /// Is ready when this many milliseconds have passed.
    async fn sleep(&self, milliseconds: u64) {
        let end = self.clock.now() + milliseconds;
        let leaf = poll_fn(|context| {
            if self.clock.now() >= end {
                return Poll::Ready(());
            }
            self.sleepers.borrow_mut().push((end, context.waker().clone()));
            Poll::Pending
        });
        leaf.await;
    }

    /// Runs futures, each as a task, to their end.
    fn run(&self, futures: impl IntoIterator<Item = impl Future>) {
        let mut tasks = Tasks::new(futures);
        while tasks.poll_woken() {
            self.wait();
        }
    }
}

async fn download(event_loop: &EventLoop, code: &str, connect: u64, answer: u64) {
    event_loop.sleep(connect).await;
    event_loop.clock.print(&format!("{code} is connected"));
    event_loop.sleep(answer).await;
    event_loop.clock.print(&format!("{code} has its flag"));
}

fn main() {
    let event_loop = &EventLoop::default();
    let flags = [("BR", 100, 600), ("CN", 200, 200), ("US", 200, 100)];
    let downloads =
        flags.map(|(code, connect, answer)| download(event_loop, code, connect, answer));
    event_loop.run(downloads);
}
