//! One test for each rule of the executor and its futures.
//!
//! No test sleeps. Work that has to be running, or to be over, at a certain moment is
//! held by a gate (see [`gate`]) or meets the test at a barrier. `LONG` is reached only
//! when a rule is broken: then a test fails instead of hanging.

#[path = "../../flags-common/tests/limit/mod.rs"]
mod limit;

use std::collections::HashSet;
use std::hint;
use std::mem;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use flags_threadpool::{
    AHEAD, Future, FutureError, NoResult, SimplePool, ThreadPoolExecutor, as_completed,
};

use self::limit::Limit;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(10);

/// Work that waits at the gate goes on when the other half is dropped.
fn gate() -> (Sender<()>, Gate) {
    let (open, closed) = bounded(0);
    (open, Gate(closed))
}

#[derive(Clone)]
struct Gate(Receiver<()>);

impl Gate {
    fn pass(&self) {
        assert_eq!(self.0.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected));
    }
}

/// Submits work that waits at the gate, and returns `value`.
fn submit_held<T: Clone + Send + Sync + 'static>(
    executor: &ThreadPoolExecutor,
    gate: &Gate,
    value: T,
) -> Future<T> {
    let gate = gate.clone();
    executor.submit(move || {
        gate.pass();
        value
    })
}

/// The result of a future that will soon be done.
fn result<T: Clone>(future: &Future<T>) -> Result<T, FutureError> {
    let result = future.result_timeout(LONG);
    assert_ne!(result.as_ref().err(), Some(&FutureError::TimedOut));
    result
}

fn results<T: Clone>(futures: &[Future<T>]) -> Vec<T> {
    futures.iter().map(|future| result(future).unwrap()).collect()
}

fn thread_name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

/// The start of a race between a worker and the test. The worker does not sleep until it
/// may start, as it would at a `Barrier`: then it would always come late.
#[derive(Clone, Default)]
struct StartLine(Arc<AtomicUsize>);

impl StartLine {
    fn wait_for_start(&self) {
        self.0.store(1, Ordering::SeqCst);
        for spins in 0.. {
            match self.0.load(Ordering::SeqCst) {
                1 if spins < 5000 => hint::spin_loop(),
                1 => thread::yield_now(),
                _ => break,
            }
        }
    }

    /// The test runs later by another very short time in each round, so that in many
    /// rounds now the one side wins and now the other.
    fn start_both(&self, round: usize) {
        while self.0.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
        self.0.store(2, Ordering::SeqCst);
        (0..round % 100).for_each(|_| hint::spin_loop());
    }
}

// The pool.

#[test]
fn work_runs_and_its_result_can_be_asked_for_again_and_by_a_clone() {
    let executor = ThreadPoolExecutor::new(1);
    let future = executor.submit(|| "flag".to_owned());
    let clone = future.clone();
    assert_eq!(future.result(), Ok("flag".to_owned()));
    assert_eq!(future.result(), Ok("flag".to_owned()));
    assert_eq!(clone.result(), Ok("flag".to_owned()));
}

#[test]
#[should_panic(expected = "at least one worker")]
fn a_pool_without_workers_is_refused() {
    let _ = ThreadPoolExecutor::new(0);
}

#[test]
fn with_work_for_five_on_three_workers_three_futures_are_running_and_two_pending() {
    for _ in 0..100 {
        let (open, gate) = gate();
        let executor = ThreadPoolExecutor::new(3);
        let show = |_| submit_held(&executor, &gate, ()).to_string();
        let shown: Vec<_> = (0..5).map(show).collect();
        let (running, pending) = ("<Future state=running>", "<Future state=pending>");
        assert_eq!(shown, [running, running, running, pending, pending]);
        drop(open);
    }
}

#[test]
fn workers_are_named_in_the_order_in_which_they_start() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(3);
    let name = |_| {
        let gate = gate.clone();
        executor.submit(move || {
            gate.pass();
            thread_name()
        })
    };
    let futures: Vec<_> = (0..3).map(name).collect();
    drop(open);
    assert_eq!(results(&futures), ["worker-1", "worker-2", "worker-3"]);
}

#[test]
fn a_spare_worker_is_used_before_a_new_one_is_started() {
    // A worker is spare a moment after its future is done, so that some of this work may
    // still meet none; but a pool that always starts a thread would never use one twice.
    let executor = ThreadPoolExecutor::new(500);
    let mut names = HashSet::new();
    let used_twice =
        (0..500).any(|_| !names.insert(result(&executor.submit(thread_name)).unwrap()));
    assert!(used_twice);
}

#[test]
fn work_does_not_queue_while_another_worker_may_be_started() {
    for round in 0..300 {
        let executor = Arc::new(ThreadPoolExecutor::new(2));
        // With this work done the pool has one worker, which mostly is spare by now. The
        // outer work takes it, and waits for the inner one, which needs the second.
        result(&executor.submit(|| ())).unwrap();
        let inner = Arc::clone(&executor);
        let outer = executor.submit(move || result(&inner.submit(move || round)));
        assert_eq!(result(&outer), Ok(Ok(round)));
    }
}

#[test]
fn two_submits_do_not_count_on_the_same_spare_worker() {
    for _ in 0..500 {
        let executor = ThreadPoolExecutor::new(2);
        result(&executor.submit(|| ())).unwrap();
        // Each of two, submitted at the same moment, waits until the other runs.
        let (here, there) = (bounded(1), bounded(1));
        let together = Barrier::new(2);
        thread::scope(|scope| {
            for (sender, receiver) in
                [(here.0.clone(), there.1.clone()), (there.0.clone(), here.1.clone())]
            {
                let (executor, together) = (&executor, &together);
                scope.spawn(move || {
                    together.wait();
                    let future = executor.submit(move || {
                        sender.send(()).unwrap();
                        receiver.recv_timeout(LONG)
                    });
                    assert_eq!(result(&future), Ok(Ok(())));
                });
            }
        });
    }
}

#[test]
fn never_more_work_runs_at_once_than_there_are_workers() {
    const WORKERS: usize = 4;
    let executor = ThreadPoolExecutor::new(WORKERS);
    let running = Arc::new(AtomicUsize::new(0));
    let names = Arc::new(Mutex::new(HashSet::new()));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..250 {
                    let (running, names) = (Arc::clone(&running), Arc::clone(&names));
                    let future = executor.submit(move || {
                        let before = running.fetch_add(1, Ordering::SeqCst);
                        names.lock().unwrap().insert(thread_name());
                        thread::yield_now();
                        running.fetch_sub(1, Ordering::SeqCst);
                        before
                    });
                    assert!(result(&future).unwrap() < WORKERS);
                }
            });
        }
    });
    assert!(names.lock().unwrap().len() <= WORKERS);
}

#[test]
fn a_thousand_workers_run_at_once() {
    let _limit = Limit::start();
    let all = Arc::new(Barrier::new(1000));
    let executor = ThreadPoolExecutor::new(1000);
    let meet = |number| {
        let all = Arc::clone(&all);
        executor.submit(move || {
            all.wait();
            number
        })
    };
    let futures: Vec<_> = (0..1000).map(meet).collect();
    assert_eq!(results(&futures), (0..1000).collect::<Vec<_>>());
}

#[test]
fn ten_thousand_submits_to_eight_workers() {
    let executor = ThreadPoolExecutor::new(8);
    let futures: Vec<_> =
        (0..10_000).map(|number| executor.submit(move || number)).collect();
    assert_eq!(results(&futures), (0..10_000).collect::<Vec<_>>());
}

#[test]
fn work_may_submit_other_work() {
    let executor = Arc::new(ThreadPoolExecutor::new(1));
    let inner = Arc::clone(&executor);
    let outer = executor.submit(move || inner.submit(|| 7));
    assert_eq!(result(&result(&outer).unwrap()), Ok(7));
}

#[test]
fn work_runs_even_when_nobody_holds_its_future() {
    let (done, is_done) = unbounded();
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    for _ in 0..2 {
        let (done, gate) = (done.clone(), gate.clone());
        drop(executor.submit(move || {
            gate.pass();
            done.send(()).unwrap();
        }));
    }
    drop(open);
    is_done.recv_timeout(LONG).unwrap();
    is_done.recv_timeout(LONG).unwrap();
}

// The end of the pool.

#[test]
fn dropping_the_pool_runs_all_that_is_queued() {
    let count = Arc::new(AtomicUsize::new(0));
    let executor = ThreadPoolExecutor::new(2);
    for _ in 0..500 {
        let count = Arc::clone(&count);
        executor.submit(move || count.fetch_add(1, Ordering::SeqCst));
    }
    drop(executor);
    assert_eq!(count.load(Ordering::SeqCst), 500);
}

#[test]
fn a_worker_may_drop_its_own_pool() {
    for workers in [1, 2] {
        let (open, gate) = gate();
        let executor = Arc::new(ThreadPoolExecutor::new(workers));
        let owner = Arc::clone(&executor);
        let at_gate = gate.clone();
        let owning = executor.submit(move || {
            at_gate.pass();
            Arc::into_inner(owner).is_some()
        });
        let others: Vec<_> = (0..9).map(|_| submit_held(&executor, &gate, 2)).collect();
        drop(executor);
        drop(open);
        assert_eq!(result(&owning), Ok(true));
        assert_eq!(results(&others), [2; 9]);
    }
}

#[test]
fn a_callback_may_drop_the_pool() {
    let (open, gate) = gate();
    let executor = Arc::new(ThreadPoolExecutor::new(1));
    let future = submit_held(&executor, &gate, 1);
    let (done, is_done) = unbounded();
    let owner = Arc::clone(&executor);
    future
        .add_done_callback(move |_| done.send(Arc::into_inner(owner).is_some()).unwrap());
    drop(executor);
    drop(open);
    assert_eq!(is_done.recv_timeout(LONG), Ok(true));
}

// The states of a future.

#[test]
fn a_future_is_pending_then_running_then_finished() {
    let state =
        |future: &Future<i32>| (future.running(), future.done(), future.cancelled());
    let (open_first, first_gate) = gate();
    let (open_second, second_gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let first = submit_held(&executor, &first_gate, 1);
    let (started, is_started) = unbounded();
    let second = executor.submit(move || {
        started.send(()).unwrap();
        second_gate.pass();
        2
    });
    assert_eq!(state(&second), (false, false, false));
    drop(open_first);
    is_started.recv_timeout(LONG).unwrap();
    assert_eq!(state(&first), (false, true, false));
    assert_eq!(state(&second), (true, false, false));
    drop(open_second);
    assert_eq!(result(&second), Ok(2));
    assert_eq!(state(&second), (false, true, false));
}

#[test]
fn a_pending_future_can_be_cancelled_and_its_work_never_runs() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let running = submit_held(&executor, &gate, ());
    let ran = Arc::new(AtomicBool::new(false));
    let has_run = Arc::clone(&ran);
    let pending = executor.submit(move || has_run.store(true, Ordering::SeqCst));
    assert!(pending.cancel());
    assert!(pending.cancel(), "true also when it was cancelled before");
    assert!(pending.cancelled() && pending.done() && !pending.running());
    assert_eq!(pending.result(), Err(FutureError::Cancelled));
    assert!(!running.cancel(), "a running future cannot be cancelled");
    drop(open);
    assert_eq!(result(&running), Ok(()));
    assert!(!running.cancel(), "nor can a finished one");
    assert!(!running.cancelled());
    drop(executor);
    assert!(!ran.load(Ordering::SeqCst));
}

#[test]
fn either_the_work_runs_or_it_is_cancelled() {
    let executor = ThreadPoolExecutor::new(1);
    for round in 0..1500 {
        let line = StartLine::default();
        let worker = line.clone();
        executor.submit(move || worker.wait_for_start());
        let ran = Arc::new(AtomicBool::new(false));
        let has_run = Arc::clone(&ran);
        let future = executor.submit(move || has_run.store(true, Ordering::SeqCst));
        // The worker, free again, starts the work, while this thread cancels it.
        line.start_both(round);
        let cancelled = future.cancel();
        let expected = if cancelled { Err(FutureError::Cancelled) } else { Ok(()) };
        assert_eq!(result(&future), expected);
        // The worker is past the work when it has run the next.
        result(&executor.submit(|| ())).unwrap();
        assert_eq!(result(&future), expected);
        assert_eq!(future.cancelled(), cancelled);
        assert_eq!(ran.load(Ordering::SeqCst), !cancelled);
    }
}

#[test]
fn a_future_tells_its_state() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let first = submit_held(&executor, &gate, "flag".to_owned());
    let second = submit_held(&executor, &gate, 2);
    assert_eq!(first.to_string(), "<Future state=running>");
    assert_eq!(second.to_string(), "<Future state=pending>");
    second.cancel();
    assert_eq!(second.to_string(), "<Future state=cancelled>");
    drop(open);
    result(&first).unwrap();
    assert_eq!(first.to_string(), "<Future state=finished>");
}

#[test]
fn handles_of_one_future_share_its_id_and_others_have_their_own() {
    let executor = ThreadPoolExecutor::new(1);
    let [one, other] = [1, 2].map(|number| executor.submit(move || number));
    assert_eq!(one.id(), one.clone().id());
    assert_ne!(one.id(), other.id());
}

#[test]
fn waiting_for_a_result_has_a_timeout() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let running = submit_held(&executor, &gate, 1);
    let pending = submit_held(&executor, &gate, 2);
    assert_eq!(running.result_timeout(SHORT), Err(FutureError::TimedOut));
    assert_eq!(running.result_timeout(Duration::ZERO), Err(FutureError::TimedOut));
    assert_eq!(pending.result_timeout(SHORT), Err(FutureError::TimedOut));
    drop(open);
    assert_eq!((result(&running), result(&pending)), (Ok(1), Ok(2)));
    assert_eq!(running.result_timeout(Duration::ZERO), Ok(1));
    assert_eq!(running.result_timeout(Duration::MAX), Ok(1));
}

#[test]
fn all_threads_that_wait_for_a_future_wake_up_when_it_is_done() {
    for cancel in [false, true] {
        let (open, gate) = gate();
        let executor = ThreadPoolExecutor::new(1);
        let running = submit_held(&executor, &gate, 5);
        let pending = submit_held(&executor, &gate, 6);
        let future = if cancel { pending } else { running };
        let _limit = Limit::start();
        let all = Arc::new(Barrier::new(9));
        let (awake, results) = unbounded();
        for _ in 0..8 {
            let (future, all, awake) = (future.clone(), Arc::clone(&all), awake.clone());
            thread::spawn(move || {
                all.wait();
                awake.send(future.result())
            });
        }
        all.wait();
        assert_eq!(future.cancel(), cancel);
        drop(open);
        let expected = if cancel { Err(FutureError::Cancelled) } else { Ok(5) };
        for _ in 0..8 {
            assert_eq!(results.recv_timeout(LONG).as_ref(), Ok(&expected));
        }
    }
}

#[test]
fn the_clone_of_a_result_is_made_without_a_lock() {
    // Its clone asks the future, and would wait for ever if the future were locked.
    struct Asking(Arc<Mutex<Option<Future<Asking>>>>);
    impl Clone for Asking {
        fn clone(&self) -> Self {
            let future = self.0.lock().unwrap().take().unwrap();
            assert!(future.done());
            Self(Arc::clone(&self.0))
        }
    }
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let itself = Arc::new(Mutex::new(None));
    let value = Asking(Arc::clone(&itself));
    let future = executor.submit(move || {
        gate.pass();
        value
    });
    *itself.lock().unwrap() = Some(future.clone());
    drop(open);
    let (done, is_done) = unbounded();
    thread::spawn(move || done.send(future.result().is_ok()));
    assert_eq!(is_done.recv_timeout(LONG), Ok(true));
}

// Panics.

#[test]
fn a_panic_becomes_the_result_and_the_worker_lives_on() {
    let executor = ThreadPoolExecutor::new(1);
    let panicked = |message: &str| Err(FutureError::Panicked(message.to_owned()));
    let text = executor.submit(|| -> u8 { panic!("no flag") });
    let code = "BR".to_owned();
    let formatted = executor.submit(move || -> u8 { panic!("no flag {code}") });
    let other = executor.submit(|| -> u8 { panic_any(7) });
    assert_eq!(result(&text), panicked("no flag"));
    assert_eq!(result(&text), panicked("no flag"));
    assert_eq!(result(&formatted), panicked("no flag BR"));
    assert_eq!(result(&other), panicked("no message"));
    assert_eq!(text.to_string(), "<Future state=finished panicked>");
    assert!(text.done() && !text.cancelled() && !text.running() && !text.cancel());
    assert_eq!(result(&executor.submit(thread_name)), Ok("worker-1".to_owned()));
}

#[test]
fn a_panic_in_a_callback_harms_neither_later_callbacks_nor_the_worker() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let (called, calls) = unbounded();
    let (running, pending) =
        (submit_held(&executor, &gate, 1), submit_held(&executor, &gate, 1));
    for future in [&running, &pending] {
        let called = called.clone();
        future.add_done_callback(|_| panic!("in a callback"));
        future.add_done_callback(move |_| called.send(thread_name()).unwrap());
    }
    assert!(pending.cancel(), "nor does it reach the one who cancels");
    assert_eq!(calls.recv_timeout(LONG), Ok(thread_name()));
    drop(open);
    assert_eq!(calls.recv_timeout(LONG), Ok("worker-1".to_owned()));
    running.add_done_callback(|_| panic!("in a callback that runs at once"));
    assert_eq!(result(&executor.submit(thread_name)), Ok("worker-1".to_owned()));
}

#[test]
fn a_panic_in_a_drop_keeps_nobody_waiting() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in a drop");
        }
    }
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    // Nobody holds the first future, so that the worker is the last who drops its result.
    let at_gate = gate.clone();
    drop(executor.submit(move || {
        at_gate.pass();
        Bomb
    }));
    // The second is cancelled, so that the worker drops its work, which owns a bomb; and
    // another goes off here, in its callback.
    let (bomb, in_callback) = (Bomb, Bomb);
    let cancelled = executor.submit(move || drop(bomb));
    cancelled.add_done_callback(move |_| drop(in_callback));
    assert!(cancelled.cancel());
    // The third has its result already when it drops what it owns.
    let bomb = Bomb;
    let owner = executor.submit(move || {
        let _owned = &bomb;
        3
    });
    let called_back = executor.submit(|| 4);
    let bomb = Bomb;
    called_back.add_done_callback(move |_| drop(bomb));
    let last = executor.submit(thread_name);
    drop(open);
    // Another thread drops the pool, so that this test fails instead of hanging.
    let (dropped, is_dropped) = bounded(1);
    thread::spawn(move || {
        drop(executor);
        dropped.send(()).unwrap();
    });
    assert_eq!(is_dropped.recv_timeout(LONG), Ok(()));
    assert_eq!(result(&cancelled), Err(FutureError::Cancelled));
    assert_eq!(result(&owner), Err(FutureError::Panicked("in a drop".to_owned())));
    assert_eq!(result(&called_back), Ok(4));
    assert_eq!(result(&last), Ok("worker-1".to_owned()));
}

#[test]
fn a_panic_in_the_drop_of_what_a_panic_carries_leaves_nobody_waiting() {
    /// Panics when it is dropped, with another of its kind as long as there is one.
    struct Chain(u8);
    impl Drop for Chain {
        fn drop(&mut self) {
            if self.0 > 0 {
                panic_any(Self(self.0 - 1));
            }
        }
    }
    let executor = ThreadPoolExecutor::new(1);
    let future = executor.submit(|| -> u8 { panic_any(Chain(3)) });
    let no_message = Err(FutureError::Panicked("no message".to_owned()));
    assert_eq!(result(&future), no_message);
    assert_eq!(result(&executor.submit(thread_name)), Ok("worker-1".to_owned()));
}

// Callbacks.

#[test]
fn callbacks_run_in_their_order_by_the_thread_that_ends_the_work() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let (called, calls) = unbounded();
    let add = |future: &Future<i32>, number: i32| {
        let called = called.clone();
        future.add_done_callback(move |future| {
            called.send((number, thread_name(), future.result())).unwrap();
        });
    };
    let call = |number, name: &str, result| (number, name.to_owned(), result);
    let next = || calls.recv_timeout(LONG).unwrap();
    let (running, pending) =
        (submit_held(&executor, &gate, 5), submit_held(&executor, &gate, 6));
    add(&running, 1);
    add(&running, 2);
    add(&pending, 3);
    pending.cancel();
    assert_eq!(next(), call(3, &thread_name(), Err(FutureError::Cancelled)));
    drop(open);
    assert_eq!(next(), call(1, "worker-1", Ok(5)));
    assert_eq!(next(), call(2, "worker-1", Ok(5)));
    add(&running, 4);
    assert_eq!(calls.try_recv(), Ok(call(4, &thread_name(), Ok(5))), "at once, here");
    assert!(calls.is_empty());
}

#[test]
fn a_callback_added_at_the_moment_of_completion_runs_exactly_once() {
    let executor = ThreadPoolExecutor::new(1);
    for round in 0..1500 {
        let line = StartLine::default();
        let worker = line.clone();
        let future = executor.submit(move || worker.wait_for_start());
        let (called, calls) = unbounded();
        // The worker completes the future, while this thread adds the callback.
        line.start_both(round);
        future.add_done_callback(move |_| called.send(()).unwrap());
        assert_eq!(calls.recv_timeout(LONG), Ok(()));
        // Another call is impossible: the callback, and with it the sender, is gone.
        assert_eq!(calls.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected));
    }
}

#[test]
fn a_callback_may_use_its_future() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let future = submit_held(&executor, &gate, 1);
    let (called, calls) = unbounded();
    future.add_done_callback(move |future| {
        assert!(future.done() && !future.running() && !future.cancel());
        assert_eq!(future.to_string(), "<Future state=finished>");
        let result = future.result();
        future.add_done_callback(move |_| called.send(result).unwrap());
    });
    // Not waited for, so that this test fails instead of hanging when the callback hangs.
    mem::forget(executor);
    drop(open);
    assert_eq!(calls.recv_timeout(LONG), Ok(Ok(1)));
}

// `map`.

#[test]
fn map_yields_in_the_order_of_the_items() {
    // Each waits for the next one, so that they complete from the last to the first.
    let executor = ThreadPoolExecutor::new(50);
    let (opens, gates): (Vec<_>, Vec<_>) = (0..50).map(|_| gate()).unzip();
    let (_, open_gate) = gate();
    let next_gates = gates.into_iter().skip(1).chain([open_gate]);
    let wait_for_next = |(number, (open, next_gate)): (usize, (Sender<()>, Gate))| {
        next_gate.pass();
        drop(open);
        number
    };
    let results =
        executor.map(wait_for_next, opens.into_iter().zip(next_gates).enumerate());
    assert_eq!(results.collect::<Result<Vec<_>, _>>(), Ok((0..50).collect()));
}

#[test]
fn map_over_a_thousand_items() {
    let executor = ThreadPoolExecutor::new(8);
    let results = executor.map(|number| number * 2, 0..1000);
    assert!(results.map(Result::unwrap).eq((0..1000).map(|number| number * 2)));
}

#[test]
fn map_submits_everything_before_the_first_result_is_asked_for() {
    let _limit = Limit::start();
    let all = Arc::new(Barrier::new(4));
    let barrier = Arc::clone(&all);
    let executor = ThreadPoolExecutor::new(3);
    let results = executor.map(move |_| barrier.wait().is_leader(), 0..3);
    all.wait();
    assert_eq!(results.count(), 3);
}

#[test]
fn map_goes_on_after_a_panic() {
    let executor = ThreadPoolExecutor::new(2);
    let divide = |number: i32| 12 / number;
    let results: Vec<_> = executor.map(divide, [1, 0, 3]).collect();
    let panicked = Err(FutureError::Panicked("attempt to divide by zero".to_owned()));
    assert_eq!(results, [Ok(12), panicked, Ok(4)]);
}

#[test]
fn map_takes_endless_items_and_submits_only_so_many_ahead() {
    let taken = AtomicUsize::new(0);
    let count = |_: &usize| {
        taken.fetch_add(1, Ordering::SeqCst);
    };
    let executor = ThreadPoolExecutor::new(3);
    let mut results = executor.map(|number| number + 1, (0..).inspect(count));
    assert_eq!(taken.load(Ordering::SeqCst), 3 * AHEAD);
    let first = results.by_ref().take(500).map(Result::unwrap);
    assert!(first.eq(1..=500));
    assert_eq!(taken.load(Ordering::SeqCst), 3 * AHEAD + 500);
}

#[test]
fn dropping_the_results_of_map_cancels_what_has_not_begun() {
    let (open, gate) = gate();
    let ran = Arc::new(AtomicUsize::new(0));
    let has_run = Arc::clone(&ran);
    let executor = ThreadPoolExecutor::new(1);
    drop(executor.map(
        move |()| {
            has_run.fetch_add(1, Ordering::SeqCst);
            gate.pass();
        },
        [(); 10],
    ));
    drop(open);
    drop(executor);
    // The first was running, or, if the worker was slow, about to run.
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

// `as_completed`.

#[test]
fn as_completed_yields_in_the_order_of_completion() {
    let executor = ThreadPoolExecutor::new(3);
    let gates: Vec<_> = (0..3).map(|_| gate()).collect();
    let (mut opens, gates): (Vec<_>, Vec<_>) =
        gates.into_iter().map(|(open, gate)| (Some(open), gate)).unzip();
    let futures: Vec<_> =
        (0..3).map(|number| submit_held(&executor, &gates[number], number)).collect();
    let mut completed = as_completed(futures);
    for number in [1, 2, 0] {
        opens[number] = None;
        assert_eq!(completed.next().unwrap().result(), Ok(number));
    }
    assert!(completed.next().is_none());
}

#[test]
fn as_completed_begins_with_those_that_are_done() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(2);
    let held = submit_held(&executor, &gate, 1);
    let done = executor.submit(|| 2);
    result(&done).unwrap();
    let mut completed = as_completed([held, done]);
    assert_eq!(completed.next().unwrap().result(), Ok(2));
    drop(open);
    assert_eq!(completed.next().unwrap().result(), Ok(1));
    assert!(completed.next().is_none());
}

#[test]
fn a_thousand_futures_come_once_each_as_they_complete() {
    let executor = ThreadPoolExecutor::new(8);
    let futures: Vec<_> =
        (0..1000).map(|number| executor.submit(move || number)).collect();
    let mut numbers = Vec::new();
    for future in as_completed(futures) {
        assert!(future.done());
        numbers.push(future.result().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
}

#[test]
fn as_completed_yields_a_future_given_twice_once_and_a_cancelled_one_too() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let (running, pending) =
        (submit_held(&executor, &gate, 1), submit_held(&executor, &gate, 2));
    let mut completed =
        as_completed([&running, &pending, &running, &pending].map(Clone::clone));
    pending.cancel();
    assert!(completed.next().unwrap().cancelled());
    drop(open);
    assert_eq!(completed.next().unwrap().result(), Ok(1));
    assert!(completed.next().is_none());
    assert!(as_completed(Vec::<Future<()>>::new()).next().is_none());
}

#[test]
fn as_completed_may_be_left_early() {
    let (open, gate) = gate();
    let executor = ThreadPoolExecutor::new(1);
    let future = submit_held(&executor, &gate, 1);
    drop(as_completed([future.clone()]));
    drop(open);
    assert_eq!(result(&future), Ok(1));
    assert_eq!(result(&executor.submit(thread_name)), Ok("worker-1".to_owned()));
}

// The simple pool.

#[test]
fn the_simple_pool_uses_all_its_threads_and_yields_in_the_order_of_the_items() {
    let _limit = Limit::start();
    let all = Arc::new(Barrier::new(4));
    let pool = SimplePool::new(4);
    let meet = move |number| {
        all.wait();
        number
    };
    let results: Result<Vec<_>, _> = pool.map(meet, 0..1000).collect();
    assert_eq!(results, Ok((0..1000).collect()));
}

#[test]
fn dropping_the_simple_pool_waits_until_all_work_is_done() {
    let count = Arc::new(AtomicUsize::new(0));
    let pool = SimplePool::new(2);
    let counted = Arc::clone(&count);
    drop(pool.map(move |_| counted.fetch_add(1, Ordering::SeqCst), 0..500));
    drop(pool);
    assert_eq!(count.load(Ordering::SeqCst), 500);
}

#[test]
fn a_panic_costs_the_simple_pool_a_thread_and_the_last_one_all_that_is_left() {
    let _limit = Limit::start();
    let divide = |number: i32| 12 / number;
    let pool = SimplePool::new(2);
    let results: Vec<_> = pool.map(divide, [1, 0, 3]).collect();
    assert_eq!(results, [Ok(12), Err(NoResult), Ok(4)]);
    let results: Vec<_> = pool.map(divide, [1, 0, 3]).collect();
    assert_eq!(results, [Ok(12), Err(NoResult), Err(NoResult)]);
    // Nobody is left to take work from the queue, nor to wait for.
    assert!(pool.map(divide, 1..100).all(|result| result == Err(NoResult)));
    drop(pool);
}

// When the system refuses a thread. Each test runs itself again, in a process that has
// room for only a few threads, or for none, as the stack of a thread is made very large.

#[cfg(target_os = "linux")]
fn passes_in_a_process_with(test: &str, limit: &str, stack: &str) -> bool {
    const WITHIN: &str = "IN_THE_LIMITED_PROCESS";
    if std::env::var_os(WITHIN).is_some() {
        return false;
    }
    let command =
        format!("ulimit -v {limit} && exec \"$0\" --exact {test} --test-threads 1");
    let _limit = Limit::start();
    let output = std::process::Command::new("sh")
        .args(["-c", &command])
        .arg(std::env::current_exe().unwrap())
        .envs([(WITHIN, "1"), ("RUST_MIN_STACK", stack)])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    true
}

#[cfg(target_os = "linux")]
#[test]
fn work_queues_for_the_workers_there_are_when_the_system_refuses_another() {
    // One GiB of addresses, in KiB, and stacks of 128 MiB: room for less than 8 threads.
    let name = "work_queues_for_the_workers_there_are_when_the_system_refuses_another";
    if passes_in_a_process_with(name, "1048576", "134217728") {
        return;
    }
    let executor = ThreadPoolExecutor::new(100);
    let futures: Vec<_> = (0..100).map(|_| executor.submit(thread_name)).collect();
    let names: HashSet<_> = results(&futures).into_iter().collect();
    assert!(names.len() < 8, "{names:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn submit_panics_when_the_system_refuses_the_first_thread() {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    let name = "submit_panics_when_the_system_refuses_the_first_thread";
    if passes_in_a_process_with(name, "1048576", "4294967296") {
        return;
    }
    let executor = ThreadPoolExecutor::new(2);
    let submit = || executor.submit(|| ());
    let panic = catch_unwind(AssertUnwindSafe(submit)).err().unwrap();
    assert!(panic.downcast::<String>().unwrap().starts_with("no thread can start: "));
}
