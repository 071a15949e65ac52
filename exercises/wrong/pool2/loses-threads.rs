//! Wrong: a panic ends the thread that does the work, and nobody takes its place.
//!
//! Told: After two pieces of work have panicked, at most 0 were being done at one time in
//! a pool of 2 threads, and it should be 2: a panic is to end no thread.

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
    loop {
        // A statement of its own: the lock is given back before the work is done.
        let work = queue.lock().expect("nothing panics under this lock").recv();
        let Ok(work) = work else { break };
        work();
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
            let _ = thread.join();
        }
    }
}

fn main() {
    observe::pool(Pool::new, Pool::submit);
}
