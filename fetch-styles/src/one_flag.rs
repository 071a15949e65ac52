//! The first part of the table: one flag in each style.

use std::io::{self, Write};
use std::sync::mpsc;

use fetch_styles::callback::asynchronous_fetch;
use fetch_styles::coroutine::{fetch_coroutine, fetch_task};
use fetch_styles::future::async_fetch_future;
use fetch_styles::queue::fetch_to_queue;
use fetch_styles::registry::registered_fetch;
use fetch_styles::synchronous::synchronous_fetch;
use flags_common::program;

use crate::handled::{handle, handler, next, registry};
use crate::row::{Row, write_headings};
use crate::site::Site;

/// Shows all styles. Returns whether nothing failed.
pub(crate) async fn show_all(site: &Site) -> io::Result<bool> {
    writeln!(program::stdout())?;
    write_headings("One flag:")?;
    let url = &site.flag();
    let shown = [
        synchronous(site, url).await?,
        callback(site, url).await?,
        future(site, url).await?,
        queue(site, url).await?,
        registered(site, url).await?,
        coroutine(site, url).await?,
        task(site, url).await?,
    ];
    Ok(!shown.contains(&false))
}

async fn synchronous(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::synchronous("synchronous_fetch");
    let agent = site.agent();
    row.show(|| synchronous_fetch(&agent, url), async |answer| handle(answer)).await
}

async fn callback(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("asynchronous_fetch").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    let (handler, mut calls) = handler();
    row.show(
        || asynchronous_fetch(&fetcher, url, handler),
        async |()| next(&mut calls).await,
    )
    .await
}

async fn future(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("async_fetch_future").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    row.show(|| async_fetch_future(&fetcher, url), async |future| handle(future.await))
        .await
}

async fn queue(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("fetch_to_queue");
    let fetcher = site.fetcher(&row.threads)?;
    let (queue, deliveries) = mpsc::channel();
    row.show(
        || fetch_to_queue(&fetcher, url, &queue),
        async |()| {
            let (_, answer) = deliveries.recv().expect("`queue` is a sender");
            handle(answer)
        },
    )
    .await
}

async fn registered(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("registered_fetch").non_blocking();
    let fetcher = site.fetcher(&row.threads)?;
    let (handler, mut calls) = handler();
    let registry = registry(&fetcher, handler);
    row.show(|| registered_fetch(&registry, url), async |()| next(&mut calls).await).await
}

async fn coroutine(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("fetch_coroutine").non_blocking();
    let client = site.client();
    row.show(|| fetch_coroutine(&client, url), async |coroutine| handle(coroutine.await))
        .await
}

async fn task(site: &Site, url: &str) -> io::Result<bool> {
    let row = Row::asynchronous("fetch_task").non_blocking();
    let client = site.client();
    row.show(
        || fetch_task(&client, url),
        async |task| handle(task.await.expect("fetch_coroutine does not panic")),
    )
    .await
}
