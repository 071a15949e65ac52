//! Wrong: it waits for its threads while it has the sender still, so that they wait for
//! more.
//!
//! Told: To drop the pool takes for ever: its threads end when the queue is closed, and
//! for that the sender has to be dropped before they are joined.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use exercises::observe;

type Work = Box<dyn FnOnce() + Send>;

struct Pool {
    sender: Sender<Work>,
    threads: Vec<JoinHandle<()>>,
}

/// Takes work from the queue, and does it, until the queue is closed and empty.
fn work_on(queue: &Mutex<Receiver<Work>>) {
    loop {
        // A statement of its own: the lock is given back before the work is done.
        let work = queue.lock().expect("nothing panics under this lock").recv();
        let Ok(work) = work else { break };
        // The result is missing then, which is how the panic is told.
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
        Self { sender, threads: threads.collect() }
    }

    /// Puts the work into the queue, and returns where its result will be.
    fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Receiver<T> {
        let (result, future) = mpsc::channel();
        let work: Work = Box::new(move || drop(result.send(work())));
        self.sender.send(work).expect("the threads live as long as the pool");
        future
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for thread in self.threads.drain(..) {
            thread.join().expect("no work ends a thread");
        }
    }
}

fn main() {
    observe::pool(Pool::new, Pool::submit);
}
