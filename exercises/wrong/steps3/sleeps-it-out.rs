//! Wrong: it asks seldom enough, but as it sleeps beside the queue nobody can wake it.
//!
//! Told: The answer of … was there for … ms when its task was polled. The loop should be
//! woken by it at once.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use exercises::observe::steps::answer;

/// What a task is woken by: it puts the number of the task into the queue.
struct TaskWaker {
    task: usize,
    queue: Sender<usize>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // It fails when the loop has ended, and nobody is left to be woken.
        let _ = self.queue.send(self.task);
    }
}

/// Runs futures, each as a task, to their end.
fn run_all(futures: impl IntoIterator<Item = impl Future>) {
    let mut tasks: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
    let (queue, _woken) = channel();
    let waker = |task| Waker::from(Arc::new(TaskWaker { task, queue: queue.clone() }));
    let wakers: Vec<_> = (0..tasks.len()).map(waker).collect();
    // At first everybody stands in the queue.
    wakers.iter().for_each(Waker::wake_by_ref);
    let mut unfinished = tasks.len();
    while unfinished > 0 {
        thread::sleep(Duration::from_millis(450));
        for task in 0..tasks.len() {
            let Some(future) = &mut tasks[task] else { continue };
            if future.as_mut().poll(&mut Context::from_waker(&wakers[task])).is_ready() {
                tasks[task] = None;
                unfinished -= 1;
            }
        }
    }
}

fn main() {
    let answers = [("BR", 400), ("CN", 300), ("IN", 200), ("US", 100)];
    run_all(answers.map(|(code, delay)| answer(code, Duration::from_millis(delay))));
}
