//! Wrong: a queue of both ends, of which only one is used. It is the same stack as
//! before.
//!
//! Told: The turns were: C C C C B B A A A. First in, first out they are: A B C A B C A C
//! C.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use exercises::observe::steps::{Turns, turns};

/// The numbers of the tasks that can go on.
#[derive(Default)]
struct Queue(Mutex<VecDeque<usize>>);

impl Queue {
    fn put(&self, task: usize) {
        self.0.lock().expect("nothing panics while it is locked").push_front(task);
    }

    fn take(&self) -> Option<usize> {
        self.0.lock().expect("nothing panics while it is locked").pop_front()
    }
}

/// What a task is woken by: it puts the task into the queue.
struct TaskWaker {
    task: usize,
    queue: Arc<Queue>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.queue.put(self.task);
    }
}

/// Runs all tasks to their end.
fn run_all(tasks: &mut [Turns]) {
    let queue = Arc::<Queue>::default();
    for task in 0..tasks.len() {
        queue.put(task);
    }
    while let Some(task) = queue.take() {
        let waker = Waker::from(Arc::new(TaskWaker { task, queue: Arc::clone(&queue) }));
        // Who is pending has to be woken to stand in the queue again, and who is ready
        // will not be.
        let _ = Pin::new(&mut tasks[task]).poll(&mut Context::from_waker(&waker));
    }
}

fn main() {
    run_all(&mut [turns("A", 3), turns("B", 2), turns("C", 4)]);
}
