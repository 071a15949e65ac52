//! The next timer.
//!
//! When no task can go on, this loop sleeps until the time for which a sleeper waits, and
//! wakes it. That should be the *next* time. But `wait` takes the sleeper who came first,
//! whatever its time. So it sleeps until 700 ms, for BR, while US waits for 300 ms. Mend
//! it: each sleeper is to be woken at its time, also when two wait for the same. It takes
//! the loop 6 sleeps at most, each until the next time.
//!
//! You do not have to wait for it. The clock of this loop only says what time it would
//! be.
//!
//! Now: "US has its flag" happened at 700 ms, and it should at 300 ms.

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
        let (time, waker) = self.sleepers.borrow_mut().remove(0);
        self.clock.sleep_until(time);
        waker.wake();
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
