//! A callback argument: the call returns at once, and the answer goes to a function.
//!
//! - **Asynchronous:** yes. **Non-blocking:** yes; nobody has to wait for the callback.
//! - **The error** belongs to the callback. No caller is left that a `?` could return to.
//! - **To cancel** is impossible: the callback may ignore the answer, but it will come.
//! - **Two in a row** are a pyramid: each step stands inside the one before, and hands on
//!   the errors by itself.
//! - **A hundred at once** need no more threads than one does.
//!
//! The callback runs on the thread of the [`Fetcher`], hence `Send`, and outlives the
//! call, hence `'static`. `FnOnce` says that it is called at most once; that it is
//! called at all is a promise of the fetcher, which no type makes.

use crate::fetcher::Fetcher;
use crate::{Answer, flag_url};

/// Has what is at `url` fetched, and the answer handed to `callback`.
///
/// The callback is called once, whatever happens: with [`FlagError::Abandoned`] when the
/// fetcher ends before the answer is there.
///
/// [`FlagError::Abandoned`]: flags_common::FlagError::Abandoned
pub fn asynchronous_fetch(
    fetcher: &Fetcher,
    url: &str,
    callback: impl FnOnce(Answer) + Send + 'static,
) {
    fetcher.ask(url, callback);
}

/// Fetches the metadata at `url`, and then the flag that it names.
pub fn two_in_a_row(
    fetcher: &Fetcher,
    url: &str,
    callback: impl FnOnce(Answer) + Send + 'static,
) {
    let (again, metadata_url) = (fetcher.clone(), url.to_owned());
    asynchronous_fetch(fetcher, url, move |answer| match answer {
        Ok(metadata) => match flag_url(&metadata_url, &metadata) {
            Ok(flag_url) => asynchronous_fetch(&again, &flag_url, callback),
            Err(error) => callback(Err(error)),
        },
        Err(error) => callback(Err(error)),
    });
}
