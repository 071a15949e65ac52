//! Predict the states.
//!
//! Five pieces of work are submitted to a pool, of 1 worker, of 3 and of 5 (`-m`). Each
//! piece is held until it is let go. `PREDICTIONS` says in which states the five futures
//! are, first right after the submits, and then when the first piece was let go and is
//! done, while the others are held still. `P` is pending, `R` is running and `F` is
//! finished. Whoever wrote it believed that all work begins at once. Correct the letters
//! until all are as in the run.
//!
//! Now: With -m 1, right after the submits: 1 of 5 states as predicted.

use std::sync::mpsc;

use exercises::observe;
use flags_threadpool::{Future, ThreadPoolExecutor};

/// How many workers, the states right after the submits, and when the first is done.
const PREDICTIONS: [(usize, &str, &str); 3] =
    [(1, "RRRRR", "FRRRR"), (3, "RRRRR", "FRRRR"), (5, "RRRRR", "FRRRR")];

/// The states of all futures, each by its first letter.
fn states(futures: &[Future<()>]) -> String {
    let state = |future: &Future<()>| {
        let text = future.to_string();
        text.trim_start_matches("<Future state=")[..1].to_uppercase()
    };
    futures.iter().map(state).collect()
}

fn compare((workers, submitted, first_done): (usize, &str, &str)) {
    let executor = ThreadPoolExecutor::new(workers);
    let (begins, begun) = mpsc::channel();
    let mut futures = Vec::new();
    let mut to_let_go = Vec::new();
    for _ in 0..5 {
        let (let_go, held) = mpsc::channel::<()>();
        let begins = begins.clone();
        futures.push(executor.submit(move || {
            let _ = begins.send(());
            let _ = held.recv(); // It is let go when the sender is dropped.
        }));
        to_let_go.push(let_go);
    }
    observe::prediction(&format!("submitted-{workers}"), submitted, &states(&futures));

    drop(to_let_go.remove(0));
    futures[0].result().expect("it neither panics nor is it cancelled");
    // The worker that was free now has begun with the next one, if there is a next one.
    begun.iter().take(5.min(workers + 1)).for_each(drop);
    observe::prediction(&format!("first-done-{workers}"), first_done, &states(&futures));
}

fn main() {
    PREDICTIONS.into_iter().for_each(compare);
}
