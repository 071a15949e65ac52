//! The one thread that waits, so that those who ask need not.
//!
//! A call that returns before the answer is there leaves somebody else to wait for it. A
//! thread for each call would do, but it would only move the cost: a hundred fetches
//! would hold a hundred threads, all of them asleep. Callbacks exist to save those. Here
//! one thread with one event loop waits for any number of fetches at once:
//!
//! ```text
//! any thread ── URL, callback ──▶ channel ──▶ fetcher: a task for each
//!                                                └──▶ callback(answer)
//! ```
//!
//! The callbacks run on this thread, one at a time. So one that blocks holds up all other
//! fetches; one that panics ends its own task only, and its message is on stderr.
//!
//! A task is a coroutine that the loop resumes when there is something to read. For the
//! loop, to resume a coroutine and to call a callback are alike, and each can be made of
//! the other: here a coroutine calls a callback, and in `future.rs` a callback resumes a
//! coroutine.

use std::io;
use std::sync::mpsc;

use flags_common::FlagError;
use reqwest::Client;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::Answer;
use crate::coroutine::fetch_coroutine;
use crate::threads::Threads;

/// A handle to the thread. Clones are handles to the same.
///
/// Dropping the last one ends the thread, and with it the fetches that are still under
/// way: their callbacks get [`FlagError::Abandoned`]. A callback that asks for more holds
/// a handle too, and so keeps the thread until it has been called.
#[derive(Debug, Clone)]
pub struct Fetcher(UnboundedSender<Request>);

impl Fetcher {
    /// Starts the thread, as one of `threads`, to fetch with `client`.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread or descriptor left.
    pub fn start(client: Client, threads: &Threads) -> io::Result<Self> {
        let event_loop = Builder::new_current_thread().enable_all().build()?;
        let (sender, mut requests) = unbounded_channel::<Request>();
        // Handed over when the thread is there: without one, the loop would be dropped
        // here, on the loop of whoever calls this, where tokio panics.
        let (hand_over, handed_over) = mpsc::channel::<Runtime>();
        let started = threads.start("fetcher", move || {
            let Ok(event_loop) = handed_over.recv() else { return };
            event_loop.block_on(async {
                while let Some(request) = requests.recv().await {
                    let client = client.clone();
                    // A task of its own, so that the next request need not wait for it.
                    tokio::spawn(async move {
                        let answer = fetch_coroutine(&client, &request.url).await;
                        request.call_back(answer);
                    });
                }
            });
        });
        match started {
            // The thread waits for it.
            Ok(()) => drop(hand_over.send(event_loop)),
            Err(error) => {
                event_loop.shutdown_background();
                return Err(error);
            }
        }
        Ok(Self(sender))
    }

    /// Asks for what is at `url`, and returns at once. The answer goes to `callback`,
    /// which is called once, whatever happens.
    pub(crate) fn ask(&self, url: &str, callback: impl FnOnce(Answer) + Send + 'static) {
        let request = Request { url: url.to_owned(), callback: Some(Box::new(callback)) };
        // If the thread is gone, `send` returns the request, and dropping it calls back.
        drop(self.0.send(request));
    }
}

/// What is asked for, and who is to be told. It does not get lost: when it is dropped
/// without an answer, be it by a panic, or because the thread ends, the callback learns
/// that. Otherwise somebody would wait for ever, and nobody would know why.
struct Request {
    url: String,
    callback: Option<Box<dyn FnOnce(Answer) + Send>>,
}

impl Request {
    fn call_back(mut self, answer: Answer) {
        if let Some(callback) = self.callback.take() {
            callback(answer);
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        if let Some(callback) = self.callback.take() {
            callback(Err(FlagError::Abandoned));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_panic_before_the_answer_is_there_reaches_the_callback() {
        let (sender, answers) = mpsc::channel();
        let callback = move |answer| sender.send(answer).unwrap();
        let panicked = catch_unwind(move || {
            let callback: Box<dyn FnOnce(Answer) + Send> = Box::new(callback);
            let _request = Request { url: String::new(), callback: Some(callback) };
            panic!("on purpose, for a test");
        });
        assert!(panicked.is_err());
        assert!(matches!(answers.try_recv(), Ok(Err(FlagError::Abandoned))));
        assert!(answers.try_recv().is_err(), "only once");
    }
}
