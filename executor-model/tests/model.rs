//! The rules of the executor, under thousands of schedules: at each step of a thread,
//! shuttle decides which thread goes on, by chance that a seed repeats. So a race that
//! other tests meet once in a week is met here in seconds; and where all threads wait for
//! each other, a test fails instead of hanging.
//!
//! ```text
//! $ .ci/model 10000
//! ```
//!
//! Miri runs them too (`.ci/miri`), which knows what a real machine may do with memory.
//!
//! What is compiled here are the sources of the executor as they stand. Only that what
//! they know as `std` and as `crossbeam_channel` is the library of this package.

#![cfg(any(feature = "shuttle", miri))]

extern crate executor_model as crossbeam_channel;
extern crate executor_model as std;

#[path = "../../flags-threadpool/src/as_completed.rs"]
pub mod as_completed;
#[path = "../../flags-threadpool/src/executor.rs"]
pub mod executor;
#[path = "../../flags-threadpool/src/future.rs"]
pub mod future;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Barrier};
use std::thread;

// Bookkeeping of the tests, at which no thread shall lose its turn.
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::as_completed::as_completed;
use crate::executor::ThreadPoolExecutor;
use crate::future::{Future, FutureError};

/// Runs `test` under as many schedules as the variable `SCHEDULES` says. In one half of
/// them any thread may go on at each step. In the other half one goes on for as long as
/// it can, and loses its turn at two moments only: so that one side may be very slow.
///
/// `SHUTTLE_RANDOM_SEED` is the seed of both. What fails is printed, with its own seed.
#[cfg(feature = "shuttle")]
fn check(test: fn()) {
    use shuttle::scheduler::{PctScheduler, RandomScheduler};
    use shuttle::{Config, Runner};

    let schedules: usize =
        std::env::var("SCHEDULES").map_or(1000, |number| number.parse().unwrap());
    let mut config = Config::new();
    config.silence_warnings = true; // It says that all orders of memory are `SeqCst`.
    let any_thread = RandomScheduler::new_from_seed(0, schedules.div_ceil(2));
    Runner::new(any_thread, config.clone()).run(test);
    let few_switches = PctScheduler::new_from_seed(0, 3, schedules / 2);
    Runner::new(few_switches, config).run(test);
}

/// Miri makes a schedule of its own for each seed that it is given.
#[cfg(not(feature = "shuttle"))]
fn check(test: fn()) {
    test();
}

#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn add_one(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn remove_one(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn submit_counted(pool: &ThreadPoolExecutor, ran: &Count) -> Future<usize> {
    let ran = ran.clone();
    pool.submit(move || ran.add_one())
}

/// Panics when it is dropped. (A `panic!` would print the schedule each time.) What the
/// panic carries needs no memory, for the executor may forget it, and Miri calls memory
/// that is forgotten a leak.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        resume_unwind(Box::new(()));
    }
}

// The pool.

#[test]
fn all_that_is_submitted_is_done_when_the_pool_is_gone() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(2), Count::default());
        let futures = [(); 3].map(|()| submit_counted(&pool, &ran));
        drop(pool);
        assert_eq!(ran.get(), 3);
        assert!(futures.iter().all(|future| future.done() && !future.cancelled()));
    });
}

#[test]
fn never_more_work_runs_at_once_than_there_are_workers() {
    check(|| {
        let pool = Arc::new(ThreadPoolExecutor::new(2));
        let running = Count::default();
        let submit_two = move || {
            let futures = [(); 2].map(|()| {
                let running = running.clone();
                pool.submit(move || {
                    let at_once = running.add_one();
                    thread::yield_now();
                    running.remove_one();
                    at_once
                })
            });
            futures.iter().all(|future| future.result().unwrap() <= 2)
        };
        let other = thread::spawn(submit_two.clone());
        assert!(submit_two() && other.join().unwrap());
    });
}

#[test]
fn two_who_submit_never_count_on_the_same_spare_worker() {
    check(|| {
        let pool = Arc::new(ThreadPoolExecutor::new(3));
        // With these done, there are one or two workers, which are spare or will soon be.
        let futures = [(); 2].map(|()| pool.submit(|| ()));
        assert_eq!(futures.map(|future| future.result()), [Ok(()), Ok(())]);
        // Each of the next three waits until all of them run.
        let all = Arc::new(Barrier::new(3));
        let submit = move || {
            let all = Arc::clone(&all);
            pool.submit(move || all.wait().is_leader())
        };
        let other = thread::spawn(submit.clone());
        let futures = [submit(), submit(), other.join().unwrap()];
        assert_eq!(
            futures.iter().filter(|future| future.result() == Ok(true)).count(),
            1
        );
    });
}

#[test]
fn a_worker_may_drop_its_own_pool() {
    check(|| {
        let (pool, ran) = (Arc::new(ThreadPoolExecutor::new(2)), Count::default());
        let [in_work, in_callback] = [(); 2].map(|()| Arc::clone(&pool));
        let first = pool.submit(move || drop(in_work));
        let second = submit_counted(&pool, &ran);
        second.add_done_callback(move |_| drop(in_callback));
        let third = submit_counted(&pool, &ran);
        drop(pool);
        assert_eq!(first.result(), Ok(()));
        assert!(second.result().is_ok() && third.result().is_ok());
        assert_eq!(ran.get(), 2);
    });
}

#[test]
fn a_panicking_drop_keeps_nobody_waiting() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(1), Count::default());
        let bomb = Bomb;
        let captured = pool.submit(move || drop(bomb));
        let bomb = Bomb;
        let cancelled = pool.submit(move || drop(bomb));
        cancelled.cancel();
        let bomb = Bomb;
        let called_back = submit_counted(&pool, &ran);
        called_back.add_done_callback(move |_| drop(bomb));
        let panicked = pool.submit(|| resume_unwind(Box::new(Bomb)));
        let result = pool.submit(|| Bomb);
        // Whoever drops the last handle drops the result.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(result)));
        let last = submit_counted(&pool, &ran);
        drop(pool);
        assert!(captured.done() && cancelled.done() && called_back.done());
        let no_message = FutureError::Panicked("no message".to_owned());
        assert_eq!(panicked.result(), Err::<(), _>(no_message));
        assert_eq!((last.result(), ran.get()), (Ok(2), 2));
    });
}

// Its futures.

#[test]
fn all_who_wait_for_a_result_wake_up() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(1), Count::default());
        let futures = [(); 2].map(|()| submit_counted(&pool, &ran));
        let others = futures.clone().map(|future| thread::spawn(move || future.result()));
        futures[1].cancel();
        for (future, other) in futures.iter().zip(others) {
            assert_eq!(future.result(), other.join().unwrap());
        }
    });
}

#[test]
fn work_either_runs_or_is_cancelled() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(1), Count::default());
        pool.submit(|| ());
        let future = submit_counted(&pool, &ran);
        let rival = future.clone();
        let rival = thread::spawn(move || rival.cancel());
        let cancelled = future.cancel();
        let result = if cancelled { Err(FutureError::Cancelled) } else { Ok(1) };
        assert_eq!(future.result(), result);
        drop(pool);
        assert_eq!(future.result(), result);
        assert_eq!(rival.join().unwrap(), cancelled);
        assert_eq!(ran.get(), usize::from(!cancelled));
    });
}

#[test]
fn each_callback_is_called_once_with_a_future_that_is_done() {
    check(|| {
        let pool = ThreadPoolExecutor::new(1);
        let calls = [(); 4].map(|()| Count::default());
        let [one, two, three, four] = calls.clone();
        let count = |calls: Count| {
            move |future: &Future<()>| {
                if future.done() {
                    calls.add_one();
                }
            }
        };
        pool.submit(|| ());
        let future = pool.submit(|| ());
        let threads = [
            thread::spawn({
                let future = future.clone();
                move || {
                    future.cancel();
                }
            }),
            thread::spawn({
                let future = future.clone();
                move || future.add_done_callback(count(one))
            }),
        ];
        future.add_done_callback(|_| resume_unwind(Box::new("on purpose")));
        future.add_done_callback(count(two));
        future.add_done_callback(move |future| {
            future.add_done_callback(count(three));
            count(four)(future);
        });
        for thread in threads {
            thread.join().unwrap();
        }
        drop(pool);
        assert_eq!(calls.map(|calls| calls.get()), [1; 4]);
    });
}

// `map` and `as_completed`.

#[test]
fn map_yields_in_the_order_of_the_items() {
    check(|| {
        let pool = ThreadPoolExecutor::new(2);
        let results = pool.map(|number| number, 0..4);
        assert_eq!(results.collect::<Result<Vec<_>, _>>(), Ok(vec![0, 1, 2, 3]));
    });
}

#[test]
fn dropping_the_results_of_map_cancels_what_has_not_begun() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(1), Count::default());
        let work_ran = ran.clone();
        let mut results = pool.map(move |()| work_ran.add_one(), [(); 4]);
        assert_eq!(results.next(), Some(Ok(1)));
        drop(results);
        let so_far = ran.get();
        drop(pool);
        // The worker may have had one more, whose first step was still to come.
        assert!(ran.get() <= so_far + 1);
    });
}

#[test]
fn as_completed_yields_each_future_once_and_ends() {
    check(|| {
        let (pool, ran) = (ThreadPoolExecutor::new(2), Count::default());
        let futures = [(); 3].map(|()| submit_counted(&pool, &ran));
        let last = futures[2].clone();
        let rival = thread::spawn(move || last.cancel());
        let given = futures.iter().chain(&futures).cloned();
        let mut ids: Vec<_> = as_completed(given)
            .filter(Future::done)
            .map(|done| futures.iter().position(|future| future.id() == done.id()))
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, [Some(0), Some(1), Some(2)]);
        rival.join().unwrap();
    });
}
