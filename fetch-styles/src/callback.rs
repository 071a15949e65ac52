//! A callback argument: the call returns at once, and the answer goes to a function.
//!
//! - **The error** belongs to the callback. No caller is left that a `?` could return to.
//! - **To cancel** is impossible: the callback may ignore the answer, but it will come.
//! - **Two in a row** are a pyramid: each step stands inside the one before, and hands on
//!   the errors by itself.
//!
//! The callback runs on the thread of the fetch, hence `Send`. `FnOnce` promises that it
//! is called at most once, and `Reply` that it is called at all.

use std::thread;

use flags_common::FlagError;
use ureq::Agent;

use crate::synchronous::synchronous_fetch;
use crate::{Answer, flag_url};

/// Has a thread of its own fetch what is at `url`, and hand the answer to `callback`.
///
/// The callback is called once, whatever happens: with [`FlagError::Abandoned`] when the
/// thread panics, or when the system has none left.
pub fn asynchronous_fetch(
    agent: &Agent,
    url: &str,
    callback: impl FnOnce(Answer) + Send + 'static,
) {
    let (agent, url, reply) = (agent.clone(), url.to_owned(), Reply(Some(callback)));
    let fetch = move || reply.give(synchronous_fetch(&agent, &url));
    // When no thread can start, `fetch` is dropped, and with it `reply`, which says so.
    drop(thread::Builder::new().name("fetcher".to_owned()).spawn(fetch));
}

/// Fetches the metadata at `url`, and then the flag that it names.
pub fn two_in_a_row(
    agent: &Agent,
    url: &str,
    callback: impl FnOnce(Answer) + Send + 'static,
) {
    let (again, metadata_url) = (agent.clone(), url.to_owned());
    asynchronous_fetch(agent, url, move |answer| match answer {
        Ok(metadata) => match flag_url(&metadata_url, &metadata) {
            Ok(flag_url) => asynchronous_fetch(&again, &flag_url, callback),
            Err(error) => callback(Err(error)),
        },
        Err(error) => callback(Err(error)),
    });
}

/// A callback that is called even when the thread that should do so is gone. Without it a
/// panic would leave somebody waiting for ever, and nobody would learn why.
struct Reply<Callback: FnOnce(Answer)>(Option<Callback>);

impl<Callback: FnOnce(Answer)> Reply<Callback> {
    fn give(mut self, answer: Answer) {
        if let Some(callback) = self.0.take() {
            callback(answer);
        }
    }
}

impl<Callback: FnOnce(Answer)> Drop for Reply<Callback> {
    fn drop(&mut self) {
        if let Some(callback) = self.0.take() {
            callback(Err(FlagError::Abandoned));
        }
    }
}
