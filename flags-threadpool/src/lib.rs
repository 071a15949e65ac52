//! A pool of threads and the futures that it hands out, for the programs of this crate.
//!
//! Read `simple_pool.rs` first, which has the threads and their queue, and nothing else;
//! then `executor.rs`, and `future.rs`, whose life `future-tour` shows. [`ownership`] is
//! what the compiler asks of the closures that are handed to threads.
//!
//! A *future* stands for a result that may not be there yet. `submit` gives work, a
//! closure, to the pool and returns its future at once. A worker, one of the pool's
//! threads, runs the work and leaves the result in the future, where all who hold it can
//! wait:
//!
//! ```text
//! pending ── a worker has it ──▶ running ── it returns or panics ──▶ finished
//!    └────── cancel() ──▶ cancelled
//! ```
//!
//! Work for which `submit` starts a worker is running from then on: it is in no queue
//! where it could be cancelled, even while the system has not let the new thread begin.
//!
//! Two tools do all the waiting:
//!
//! - What *moves* between threads goes through a channel: work to workers, and finished
//!   futures to whoever waits for them. Each value reaches one receiver, and the channel
//!   closes by itself when no sender is left. It is crossbeam's, because all workers
//!   receive from one queue, and a channel of `std` has a single receiver.
//! - What *stays* and is read by many, the state of a future, is in a `Mutex`, with a
//!   `Condvar` to sleep on until it changes. While one of our locks is held, no work and
//!   no callback runs: it could ask for the same lock, and wait for ever.
//!
//! The rules are those of Python's `concurrent.futures`, except on purpose:
//!
//! | | Python | here |
//! | --- | --- | --- |
//! | a failure leaves | its exception | the message of its panic |
//! | `map` after a failure | ends, and cancels the rest | goes on |
//! | `map` submits at first | all items (3.14: `buffersize`) | [`AHEAD`] per worker |
//! | `map` dropped before any `next` | cancels nothing | cancels what has not begun |
//! | `as_completed` left early | forgets its futures | leaves its callbacks |
//! | `as_completed` of a cancelled one | waits for a worker to come | yields it at once |
//! | deadline of `map` and `as_completed` | `timeout`, for all | only [of each result] |
//! | a callback fails | is logged | its panic is printed, and goes no further |
//! | `wait` for the first, or for all | is there | is not |
//! | a pool is dropped | waits only in a `with` | waits |
//! | a worker ends its pool | `RuntimeError` | does not wait |
//! | no thread can be added | `RuntimeError` | the others do the work, if there is one |
//!
//! [of each result]: Future::result_timeout
//!
//! [Its chapter](../../book/en/where-are-the-futures.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

mod as_completed;
mod executor;
mod future;
pub mod ownership;
mod simple_pool;

pub use as_completed::as_completed;
pub use executor::{AHEAD, ThreadPoolExecutor};
pub use future::{Future, FutureError, Id};
pub use simple_pool::{NoResult, SimplePool};
