//! A pool of your own.
//!
//! This pool is made of what the standard library has. `mpsc` is a channel with one
//! receiver, so that one thread takes all the work. Complete the pool:
//!
//! - it has as many threads as it is asked for, and all take from the one queue;
//! - work that panics ends no thread, and its result never comes: its channel is closed;
//! - dropping the pool waits until all that was submitted is done.
//!
//! Now: At most 1 piece of work was being done at one time in a pool of 3 threads, and it
//! should be 3.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use exercises::observe;

type Work = Box<dyn FnOnce() + Send>;

struct Pool {
    sender: Sender<Work>,
}

impl Pool {
    fn new(_threads: usize) -> Self {
        let (sender, queue) = mpsc::channel::<Work>();
        thread::spawn(move || {
            while let Ok(work) = queue.recv() {
                work();
            }
        });
        Self { sender }
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

fn main() {
    observe::pool(Pool::new, Pool::submit);
}
