//! A coroutine: it reads like the synchronous call, and waits without holding its thread.
//!
//! - **Asynchronous:** yes, and more than that: when the call returns, nothing has begun.
//!   **Non-blocking:** yes; at each `await` the thread does other tasks.
//! - **The error** belongs to whoever awaits the coroutine, who gets it as its result.
//! - **To cancel**, drop it: the fetch itself ends there, with its connection, as
//!   nothing of it goes on elsewhere.
//! - **Two in a row** are two lines, and `?` ends them at the first error.
//! - **A hundred at once** take no other thread: the system tells the event loop which of
//!   them has something to read.
//!
//! The price: a coroutine moves only while it is awaited on an event loop, and all that
//! runs on this loop has to wait in the same way. Other work before the `await` is done
//! before anything is sent. [`fetch_task`] lets the loop begin meanwhile, as soon as that
//! work reaches an `await` of its own.

use flags_common::clients::reqwest::read_body;
use reqwest::Client;
use tokio::task::JoinHandle;

use crate::{Answer, flag_url};

/// Fetches what is at `url`. At each `await` the thread is free for other tasks.
///
/// # Errors
///
/// Why the bytes could not be had.
pub async fn fetch_coroutine(client: &Client, url: &str) -> Answer {
    read_body(client.get(url).send().await?).await
}

/// Fetches the metadata at `url`, and then the flag that it names.
///
/// # Errors
///
/// The first error of the two.
pub async fn two_in_a_row(client: &Client, url: &str) -> Answer {
    let metadata = fetch_coroutine(client, url).await?;
    fetch_coroutine(client, &flag_url(url, &metadata)?).await
}

/// Starts a task that fetches what is at `url`. The task begins when the event loop gets
/// its next turn, whether or not anybody awaits it.
///
/// So dropping the handle no longer ends the fetch, as the loop has it; `abort` does.
///
/// # Panics
///
/// Outside of an event loop of tokio, as nothing would run the task.
#[expect(clippy::must_use_candidate, reason = "a task needs nobody who awaits it")]
pub fn fetch_task(client: &Client, url: &str) -> JoinHandle<Answer> {
    // The task may go on when this function's caller is gone, so it can borrow nothing.
    let (client, url) = (client.clone(), url.to_owned());
    tokio::spawn(async move { fetch_coroutine(&client, &url).await })
}
