//! Answers that have come into the hands of those who handle them.

use std::sync::Arc;
use std::thread::{self, Thread};

use fetch_styles::Answer;
use fetch_styles::fetcher::Fetcher;
use fetch_styles::registry::Registry;
use flags_common::FlagError;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What became of an answer.
pub(crate) struct Handled {
    /// Why there are no bytes, if there are none.
    pub(crate) error: Option<FlagError>,
    /// Who handled it.
    pub(crate) thread: Thread,
}

/// What every handler does: it looks whether there is a flag, and which thread it is on.
pub(crate) fn handle(answer: Answer) -> Handled {
    Handled { error: answer.err(), thread: thread::current() }
}

/// A handler, which can be called from any thread, and where to learn that it was.
pub(crate) fn handler()
-> (impl Fn(Answer) + Clone + Send + Sync + 'static, UnboundedReceiver<Handled>) {
    let (sender, calls) = unbounded_channel();
    // This fails only when the program has ended early, as its reader has left.
    let handler = move |answer| drop(sender.send(handle(answer)));
    (handler, calls)
}

/// Waits for the next call of a handler. Meanwhile the event loop runs other tasks.
pub(crate) async fn next(calls: &mut UnboundedReceiver<Handled>) -> Handled {
    calls.recv().await.expect("every fetch calls back")
}

/// A registry that has one and the same handler for flags and for errors.
pub(crate) fn registry(
    fetcher: &Fetcher,
    handler: impl Fn(Answer) + Clone + Send + Sync + 'static,
) -> Arc<Registry> {
    let on_error = handler.clone();
    Registry::new(
        fetcher,
        move |_, _, bytes| handler(Ok(bytes)),
        move |_, error| on_error(Err(error)),
    )
}
