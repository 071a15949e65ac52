//! Wrong: in `while let`, what is locked in its condition stays locked in its body. So
//! each thread does its work under the lock, and the others wait for it.
//!
//! Told: At most 1 piece of work was being done at one time in a pool of 3 threads, and
//! it should be 3.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use exercises::observe;

type Work = Box<dyn FnOnce() + Send>;

struct Pool {
    /// `None` once the queue is closed.
    sender: Option<Sender<Work>>,
    threads: Vec<JoinHandle<()>>,
}

/// Takes work from the queue, and does it, until the queue is closed and empty.
fn work_on(queue: &Mutex<Receiver<Work>>) {
    while let Ok(work) = queue.lock().expect("nothing panics under this lock").recv() {
        let _ = catch_unwind(AssertUnwindSafe(work));
    }
}

impl Pool {
    fn new(threads: usize) -> Self {
        let (sender, queue) = mpsc::channel::<Work>();
        let queue = Arc::new(Mutex::new(queue));
        let threads = (0..threads).map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || work_on(&queue))
        });
        Self { sender: Some(sender), threads: threads.collect() }
    }

    /// Puts the work into the queue, and returns where its result will be.
    fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<T> {
        let (result, future) = mpsc::channel();
        let work: Work = Box::new(move || drop(result.send(work())));
        let sender = self.sender.as_ref().expect("it is open until the pool is dropped");
        sender.send(work).expect("the threads live as long as the pool");
        future
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        drop(self.sender.take());
        for thread in self.threads.drain(..) {
            thread.join().expect("no work ends a thread");
        }
    }
}

fn main() {
    observe::pool(Pool::new, Pool::submit);
}
