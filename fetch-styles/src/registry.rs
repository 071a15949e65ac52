//! A callback registry: handlers are registered once, apart from any call, stay, and get
//! the answers of all fetches.
//!
//! - **Asynchronous:** yes. **Non-blocking:** yes; nobody has to wait for a handler.
//! - **The error** belongs to a handler of its own, far from whoever asked, and the same
//!   for all fetches.
//! - **To cancel** is impossible here; a registry could at most forget its handlers.
//! - **Two in a row** are a state machine: one handler sees all answers, tells by the URL
//!   how far things are, and starts the next step. No line shows the order.
//! - **A hundred at once** need no more threads than one does, and the same two handlers.
//!
//! Signals can be handled like that: `ctrlc::set_handler`, by which the downloaders of
//! this workspace register on Windows what each Ctrl-C is to do, is such a registry.
//! There it fits, as nobody calls for a signal, so no call could bring a callback along.
//!
//! A handler is `Fn` where a callback was `FnOnce`: it serves many fetches, so its type
//! no longer says that an answer comes once. Both handlers are arguments of
//! [`Registry::new`], as an answer for which none is registered would be lost.

use std::sync::Arc;

use flags_common::FlagError;

use crate::callback::asynchronous_fetch;
use crate::fetcher::Fetcher;
use crate::{Answer, flag_url};

/// Starts to fetch what is at `url`, for the handlers of `registry`.
pub fn registered_fetch(registry: &Arc<Registry>, url: &str) {
    let (handlers, asked) = (Arc::clone(registry), url.to_owned());
    asynchronous_fetch(&registry.fetcher, url, move |answer| match answer {
        Ok(bytes) => (handlers.on_load)(&handlers, &asked, bytes),
        Err(error) => (handlers.on_error)(&asked, error),
    });
}

/// Registers handlers that make each [`registered_fetch`] of metadata go on to the flag
/// that it names. `handler` gets the flags, and all errors.
pub fn two_in_a_row(
    fetcher: &Fetcher,
    handler: impl Fn(Answer) + Send + Sync + 'static,
) -> Arc<Registry> {
    let handler = Arc::new(handler);
    let handler_of_errors = Arc::clone(&handler);
    let on_load = move |registry: &Arc<Registry>, url: &str, bytes: Vec<u8>| {
        if !url.ends_with("/metadata.json") {
            return handler(Ok(bytes));
        }
        match flag_url(url, &bytes) {
            Ok(flag_url) => registered_fetch(registry, &flag_url),
            Err(error) => handler(Err(error)),
        }
    };
    let on_error = move |_: &str, error| handler_of_errors(Err(error));
    Registry::new(fetcher, on_load, on_error)
}

/// Who is called when something has been fetched, and who when it has not.
pub struct Registry {
    fetcher: Fetcher,
    on_load: Box<OnLoad>,
    on_error: Box<OnError>,
}

/// Gets the registry, to start further fetches, and the URL that the bytes come from.
type OnLoad = dyn Fn(&Arc<Registry>, &str, Vec<u8>) + Send + Sync;
/// Gets the URL that the error is about.
type OnError = dyn Fn(&str, FlagError) + Send + Sync;

impl Registry {
    /// Registers the handlers of all fetches to come.
    pub fn new(
        fetcher: &Fetcher,
        on_load: impl Fn(&Arc<Self>, &str, Vec<u8>) + Send + Sync + 'static,
        on_error: impl Fn(&str, FlagError) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (on_load, on_error) = (Box::new(on_load), Box::new(on_error));
        Arc::new(Self { fetcher: fetcher.clone(), on_load, on_error })
    }
}
