//! A coroutine: it reads like the synchronous call, and waits without holding its thread.
//!
//! - **The error** belongs to whoever awaits the coroutine, who gets it as its result.
//! - **To cancel**, drop it: the fetch itself ends there, with its connection, as
//!   nothing of it goes on elsewhere.
//! - **Two in a row** are two lines, and `?` ends them at the first error.
//!
//! The price: the call alone asks for nothing. A coroutine moves only while it is awaited
//! on an event loop, and all that runs on this loop has to wait in the same way. No
//! second thread is needed: the system tells the loop when there is something to read.

use flags_common::clients::reqwest::read_body;
use reqwest::Client;

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
