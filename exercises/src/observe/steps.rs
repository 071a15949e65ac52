//! Tasks for an event loop that the reader writes, and a clock for it that no one has to
//! wait for. Each tells the check what the loop does with it.

use std::cell::Cell;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use super::tell;

/// A task that needs a number of turns: it tells its name in each, and wakes itself until
/// it has had them all.
#[derive(Debug)]
pub struct Turns {
    name: &'static str,
    left: usize,
}

/// A task that tells `name` in each of its `number` turns.
#[must_use]
pub fn turns(name: &'static str, number: usize) -> Turns {
    Turns { name, left: number }
}

impl Future for Turns {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        tell("turn", self.name);
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The name of the fact that a loop has slept by its [`Clock`], and until when.
pub(crate) const SLEEP: &str = "sleep";

/// A clock that stands still unless somebody sleeps by it, which takes no time. It begins
/// with 0.
#[derive(Debug, Default)]
pub struct Clock(Cell<u64>);

impl Clock {
    /// How many milliseconds have passed.
    pub fn now(&self) -> u64 {
        self.0.get()
    }

    /// Sleeps until this many milliseconds have passed; not at all if they have already.
    pub fn sleep_until(&self, time: u64) {
        super::note(SLEEP, time);
        self.0.set(self.now().max(time));
    }

    /// Prints what happens, and when.
    pub fn print(&self, what: &str) {
        let now = self.now();
        println!("{now:4} ms  {what}");
        super::note("event", format_args!("{now} {what}"));
    }
}

/// The tasks of a loop, and the queue of those that have been woken.
pub struct Tasks<F> {
    futures: Vec<Option<Pin<Box<F>>>>,
    wakers: Vec<Waker>,
    woken: Receiver<usize>,
}

struct TaskWaker {
    task: usize,
    queue: Sender<usize>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // It fails when all is over, and nobody is left to be woken.
        let _ = self.queue.send(self.task);
    }
}

impl<F: Future> Tasks<F> {
    /// Makes a task of each future. All of them stand in the queue.
    pub fn new(futures: impl IntoIterator<Item = F>) -> Self {
        let futures: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
        let (queue, woken) = channel();
        let waker = |task| TaskWaker { task, queue: queue.clone() };
        let wakers = (0..futures.len()).map(|task| Arc::new(waker(task)).into());
        let wakers: Vec<Waker> = wakers.collect();
        wakers.iter().for_each(Waker::wake_by_ref);
        Self { futures, wakers, woken }
    }

    /// Polls the tasks in the queue, until it is empty. Whether there are tasks that have
    /// not finished.
    pub fn poll_woken(&mut self) -> bool {
        for task in self.woken.try_iter() {
            let Some(future) = &mut self.futures[task] else { continue };
            let mut context = Context::from_waker(&self.wakers[task]);
            if future.as_mut().poll(&mut context).is_ready() {
                self.futures[task] = None;
            }
        }
        self.futures.iter().any(Option::is_some)
    }
}

/// A task whose answer is brought by another thread.
pub struct Answer {
    name: &'static str,
    shared: Arc<Mutex<Shared>>,
    polls: usize,
    /// What the program had computed when this task was polled for the first time.
    began: Option<ProcessTime>,
}

#[derive(Default)]
struct Shared {
    came: Option<Instant>,
    waker: Option<Waker>,
}

/// A task that waits for an answer, which comes after `delay`. At the end it tells how
/// often it was polled, for how many milliseconds the program has computed meanwhile, and
/// how many the answer was there before.
#[must_use]
pub fn answer(name: &'static str, delay: Duration) -> Answer {
    let shared = Arc::<Mutex<Shared>>::default();
    let answered = Arc::clone(&shared);
    thread::spawn(move || {
        thread::sleep(delay);
        let waker = {
            let mut shared = lock(&answered);
            shared.came = Some(Instant::now());
            shared.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    Answer { name, shared, polls: 0, began: None }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Future for Answer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.polls += 1;
        let began = *self.began.get_or_insert_with(ProcessTime::now);
        let mut shared = lock(&self.shared);
        let Some(came) = shared.came else {
            shared.waker = Some(context.waker().clone());
            return Poll::Pending;
        };
        tell(&format!("late-{}", self.name), came.elapsed().as_millis());
        tell(&format!("polls-{}", self.name), self.polls);
        tell(&format!("computed-{}", self.name), began.elapsed().as_millis());
        Poll::Ready(())
    }
}
