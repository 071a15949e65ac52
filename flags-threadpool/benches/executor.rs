//! What the executor costs by itself, with jobs that do nothing.
//!
//! ```text
//! $ cargo bench -p flags-threadpool
//! ```

use std::sync::{Arc, Barrier};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use flags_threadpool::{Future, ThreadPoolExecutor, as_completed};

/// How many jobs there are where there are many.
const MANY: usize = 1000;

fn main() {
    divan::main();
}

/// One job to a worker that waits for it, and its result back.
#[divan::bench]
fn submit_to_result(bencher: Bencher) {
    let executor = executor_with_threads(1);
    bencher.bench_local(|| executor.submit(|| black_box(7)).result());
}

/// Many jobs, whose results are taken in the order in which they come.
#[divan::bench(args = [1, 2, 8])]
fn as_completed_over_many(bencher: Bencher, workers: usize) {
    let executor = executor_with_threads(workers);
    bencher.counter(ItemsCount::new(MANY)).bench_local(|| {
        let submit = |number| executor.submit(move || number);
        let futures: Vec<Future<usize>> = (0..MANY).map(submit).collect();
        as_completed(futures).count()
    });
}

/// Many futures that are done already, so that only `as_completed` is left.
#[divan::bench]
fn as_completed_over_many_that_are_done(bencher: Bencher) {
    let executor = executor_with_threads(1);
    let submit = |number| executor.submit(move || number);
    let futures: Vec<Future<usize>> = (0..MANY).map(submit).collect();
    as_completed(futures.clone()).for_each(drop);
    bencher
        .counter(ItemsCount::new(MANY))
        .bench_local(|| as_completed(black_box(&futures).iter().cloned()).count());
}

/// Many jobs, whose results are taken in the order of the jobs.
#[divan::bench(args = [1, 2, 8])]
fn map_over_many(bencher: Bencher, workers: usize) {
    let executor = executor_with_threads(workers);
    bencher
        .counter(ItemsCount::new(MANY))
        .bench_local(|| executor.map(|number| number, 0..MANY).count());
}

/// A pool for one job: its thread is started and ended.
#[divan::bench]
fn new_pool_to_result(bencher: Bencher) {
    bencher.bench_local(|| ThreadPoolExecutor::new(1).submit(|| black_box(7)).result());
}

/// A pool whose threads have all been started, which is not to be timed. Each of the jobs
/// waits for the others, so no worker can run two of them.
fn executor_with_threads(workers: usize) -> ThreadPoolExecutor {
    let executor = ThreadPoolExecutor::new(workers);
    let meeting = Arc::new(Barrier::new(workers));
    let meet = |_| {
        let meeting = Arc::clone(&meeting);
        executor.submit(move || meeting.wait().is_leader())
    };
    let futures: Vec<Future<bool>> = (0..workers).map(meet).collect();
    as_completed(futures).for_each(drop);
    executor
}
