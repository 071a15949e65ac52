//! The second part of the table: in each style metadata, and then the flag that it
//! names.

use std::io::{self, Write};

use fetch_styles::registry::registered_fetch;
use fetch_styles::{callback, coroutine, future, queue, registry, synchronous};
use flags_common::program;

use crate::handled::{handle, handler, next};
use crate::row::{Row, write_headings};
use crate::site::Site;

/// Shows all styles. Returns whether nothing failed.
pub(crate) async fn show_all(site: &Site) -> io::Result<bool> {
    let title = "Two in a row, metadata.json and then the flag that it names:";
    writeln!(program::stdout(), "\n{title}")?;
    write_headings("")?;
    let url = &site.metadata();
    let shown = [
        show_synchronous(site, url).await?,
        show_callback(site, url).await?,
        show_future(site, url).await?,
        show_queue(site, url).await?,
        show_registry(site, url).await?,
        show_coroutine(site, url).await?,
    ];
    Ok(!shown.contains(&false))
}

async fn show_synchronous(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::synchronous("synchronous");
    let agent = site.agent();
    row.show(|| synchronous::two_in_a_row(&agent, url), async |answer| handle(answer))
        .await
}

async fn show_callback(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("callback").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    let (handler, mut calls) = handler();
    row.show(
        || callback::two_in_a_row(&fetcher, url, handler),
        async |()| next(&mut calls).await,
    )
    .await
}

async fn show_future(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("future").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    row.show(|| future::two_in_a_row(&fetcher, url), async |future| handle(future.await))
        .await
}

/// The queue holds its thread between the two, so the whole is synchronous again.
async fn show_queue(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::synchronous("queue");
    let fetcher = site.fetcher(&row.threads)?;
    row.show(|| queue::two_in_a_row(&fetcher, url), async |answer| handle(answer)).await
}

async fn show_registry(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("registry").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    let (handler, mut calls) = handler();
    let registry = registry::two_in_a_row(&fetcher, handler);
    row.show(|| registered_fetch(&registry, url), async |()| next(&mut calls).await).await
}

async fn show_coroutine(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("coroutine").non_blocking();
    let client = site.client();
    row.show(
        || coroutine::two_in_a_row(&client, url),
        async |coroutine| handle(coroutine.await),
    )
    .await
}
