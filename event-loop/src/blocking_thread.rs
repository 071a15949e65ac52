//! Waiting for another thread.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use flags_common::FlagError;
use flags_common::program::in_words;
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// The thread for what would block the loop, started when it is first needed.
static THREAD: LazyLock<io::Result<Sender<Work>>> = LazyLock::new(|| {
    let (sender, all_work) = channel::<Work>();
    thread::Builder::new().spawn(|| {
        for work in all_work {
            // A panic drops the work, and with it the sender of its result.
            let _ = catch_unwind(AssertUnwindSafe(work));
        }
    })?;
    Ok(sender)
});

/// Lets another thread run `work`, and returns a future for its result. The leaf is a
/// channel of tokio's, which needs no runtime: the receiver leaves its waker in it, and
/// the sender, on the other thread, calls that.
///
/// # Errors
///
/// [`FlagError::Abandoned`] when the work panics, and [`FlagError::Other`] when the
/// system has no thread for it.
pub fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Result<T, FlagError>> {
    let (sender, receiver) = oneshot::channel();
    match &*THREAD {
        Ok(thread) => {
            // Nobody takes the result when the task has been dropped meanwhile.
            let _ = thread.send(Box::new(move || drop(sender.send(Ok(work())))));
        }
        Err(error) => drop(sender.send(Err(FlagError::Other(in_words(error))))),
    }
    async { receiver.await.unwrap_or(Err(FlagError::Abandoned)) }
}
