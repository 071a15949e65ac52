//! A placeholder: the call returns a future at once, which is resolved with the answer.
//!
//! - **Asynchronous:** yes. **Non-blocking:** yes; a thread that awaits it does other
//!   tasks meanwhile.
//! - **The error** belongs to whoever awaits the future. If nobody does, nobody learns
//!   of it.
//! - **To cancel**, drop the future: that gives up the answer. The fetch itself has begun
//!   and goes on, as nobody tells the fetcher.
//! - **Two in a row** are a chain of `and_then`: flat, and an error skips the rest of it.
//! - **A hundred at once** need no more threads than one does.
//!
//! A future of the standard library, made by hand on top of a callback: it shows what
//! `async` and `await` are made of, and any event loop can await it. The other way is to
//! block until it is resolved, as with the futures of `flags-threadpool`.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use futures::TryFutureExt;
use futures::future::ready;

use crate::callback::asynchronous_fetch;
use crate::fetcher::Fetcher;
use crate::{Answer, flag_url};

/// Starts to fetch what is at `url`, and returns a placeholder for the answer.
///
/// The placeholder is always resolved, since [`asynchronous_fetch`] always calls back.
pub fn async_fetch_future(fetcher: &Fetcher, url: &str) -> FetchFuture {
    let future = FetchFuture::default();
    let promise = FetchFuture(Arc::clone(&future.0));
    asynchronous_fetch(fetcher, url, move |answer| promise.resolve(answer));
    future
}

/// Fetches the metadata at `url`, and then the flag that it names. The future that it
/// returns borrows neither argument: that is what `use<>` says.
pub fn two_in_a_row(
    fetcher: &Fetcher,
    url: &str,
) -> impl Future<Output = Answer> + use<> {
    let (fetcher, url) = (fetcher.clone(), url.to_owned());
    async_fetch_future(&fetcher, &url)
        .and_then(move |metadata| ready(flag_url(&url, &metadata)))
        .and_then(move |flag_url| async_fetch_future(&fetcher, &flag_url))
}

/// An answer that may not be there yet.
#[derive(Default)]
#[must_use = "the answer, and with it every error, comes only to whoever awaits it"]
pub struct FetchFuture(Arc<Mutex<Shared>>);

/// What the fetcher and the thread that awaits the answer share.
#[derive(Default)]
struct Shared {
    answer: Option<Answer>,
    waker: Option<Waker>,
}

impl Future for FetchFuture {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let mut shared = self.lock();
        if let Some(answer) = shared.answer.take() {
            return Poll::Ready(answer);
        }
        // The latest waker: between two polls a future can move to another task.
        shared.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl FetchFuture {
    fn resolve(&self, answer: Answer) {
        let mut shared = self.lock();
        shared.answer = Some(answer);
        let waker = shared.waker.take();
        drop(shared);
        // The event loop sleeps until it is told that it is worth polling again. By then
        // the lock is free, as the loop may poll at once.
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().expect("nothing panics while it is locked")
    }
}
