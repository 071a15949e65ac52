//! What a pool of the reader's own does.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::tell;

/// A piece of work as [`pool`] submits it.
pub type Work = Box<dyn FnOnce() -> usize + Send>;

/// How long anything may take that a pool does at once.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How long to look whether more work begins than should, or whether a pool that is
/// dropped waits for what is held.
const LOOK: Duration = Duration::from_millis(150);

/// How long a piece of work takes after it was let go, so that the last ones are not done
/// at the moment at which the pool is dropped.
const SHORT: Duration = Duration::from_millis(10);

/// How many pieces of work a pool of [`THREADS`] threads gets.
const WORKS: usize = 9;

const THREADS: usize = 3;

/// Submits work to a pool, and tells how many pieces of it are being done at one time
/// (`at-once`), how many have been done when the pool was dropped (`done`), how many
/// `results` were right, and how many pieces are being done at one time after some have
/// panicked (`at-once-after-panics`).
pub fn pool<P: Send + 'static>(
    new: impl Fn(usize) -> P,
    submit: impl Fn(&P, Work) -> Receiver<usize>,
) {
    // A pool without threads could refuse work by a panic.
    let submit =
        |pool: &P, work: Work| catch_unwind(AssertUnwindSafe(|| submit(pool, work))).ok();
    let gate = Gate::default();
    let pool = new(THREADS);
    let results: Vec<_> =
        (0..WORKS).map(|number| submit(&pool, gate.work(number))).collect();
    let at_once = gate.most_inside(THREADS);
    tell("at-once", at_once);
    if at_once != THREADS {
        return gate.open();
    }
    match gate.done_when_dropped(pool) {
        Some(done) => tell("done", done),
        None => return tell("done", "never"),
    }
    let is_right = |(number, result): &(usize, Option<Receiver<usize>>)| {
        let result = result.as_ref().map(|result| result.recv_timeout(PATIENCE));
        result == Some(Ok(*number))
    };
    tell("results", results.into_iter().enumerate().filter(is_right).count());

    let gate = Gate::default();
    let pool = new(2);
    for _ in 0..2 {
        // Without the words that Rust itself says of a panic: this one is no accident.
        let work = || resume_unwind(Box::new("a piece of work that panics"));
        let result = submit(&pool, Box::new(work));
        let end = result.map(|result| result.recv_timeout(PATIENCE));
        if end == Some(Err(mpsc::RecvTimeoutError::Timeout)) {
            return tell("at-once-after-panics", "never");
        }
    }
    let _results = [0, 1].map(|number| submit(&pool, gate.work(number)));
    tell("at-once-after-panics", gate.most_inside(2));
    gate.open();
}

/// Where work is held until it is let go.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<Held>, Condvar)>);

#[derive(Default)]
struct Held {
    is_open: bool,
    inside: usize,
    most: usize,
    done: usize,
}

impl Gate {
    /// Work that comes to this gate and returns its `number`.
    fn work(&self, number: usize) -> Work {
        let gate = self.clone();
        Box::new(move || {
            let mut held = gate.lock();
            held.inside += 1;
            held.most = held.most.max(held.inside);
            gate.0.1.notify_all();
            let mut held = gate.wait_while(held, PATIENCE * 2, |held| !held.is_open);
            // After one that nobody has let go in time, no other has to wait as long.
            held.is_open = true;
            drop(held);
            thread::sleep(SHORT);
            let mut held = gate.lock();
            held.inside -= 1;
            held.done += 1;
            number
        })
    }

    /// How many pieces of work are inside at most, when there should be `number`.
    fn most_inside(&self, number: usize) -> usize {
        let held = self.wait_while(self.lock(), PATIENCE, |held| held.most < number);
        self.wait_while(held, LOOK, |held| held.most <= number).most
    }

    /// How many pieces of work are done when the pool has been dropped, which begins
    /// while all are held still; `None` when that never ends.
    fn done_when_dropped<P: Send + 'static>(&self, pool: P) -> Option<usize> {
        let (sender, done) = mpsc::channel();
        let gate = self.clone();
        // A thread of its own: a pool may wait for ever.
        thread::spawn(move || {
            drop(pool);
            let _ = sender.send(gate.lock().done);
        });
        if let Ok(done) = done.recv_timeout(LOOK) {
            self.open();
            return Some(done);
        }
        self.open();
        done.recv_timeout(PATIENCE).ok()
    }

    fn open(&self) {
        self.lock().is_open = true;
        self.0.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while<'a>(
        &self,
        held: MutexGuard<'a, Held>,
        patience: Duration,
        condition: impl Fn(&Held) -> bool,
    ) -> MutexGuard<'a, Held> {
        let waited = self.0.1.wait_timeout_while(held, patience, |held| condition(held));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
