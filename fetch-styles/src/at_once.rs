//! The third part of the table: a hundred flags at once in each style, and how many
//! threads that takes.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use fetch_styles::callback::asynchronous_fetch;
use fetch_styles::coroutine::{fetch_coroutine, fetch_task};
use fetch_styles::future::async_fetch_future;
use fetch_styles::queue::fetch_to_queue;
use fetch_styles::registry::registered_fetch;
use fetch_styles::synchronous::synchronous_fetch;
use fetch_styles::threads::Threads;
use flags_common::program;
use futures::future::join_all;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::handled::{Handled, handle, handler, next, registry};
use crate::row::{is_failure, time};
use crate::site::Site;

/// Shows all styles. Returns whether nothing failed.
pub(crate) async fn show_all(site: &Site) -> io::Result<bool> {
    let flags = &Flags { site, url: &site.flag(), count: site.at_once() };
    let count = flags.count;
    writeln!(program::stdout(), "\n{count} at once, without other work meanwhile:")?;
    let succeeded = [
        one_after_another(flags)?,
        a_thread_for_each(flags)?,
        callbacks(flags).await?,
        futures(flags).await?,
        queue(flags)?,
        registered(flags).await?,
        coroutines(flags).await?,
        tasks(flags).await?,
    ];
    Ok(!succeeded.contains(&false))
}

/// What is to be fetched: the same flag again and again.
struct Flags<'a> {
    site: &'a Site,
    url: &'a str,
    count: u32,
}

/// Half a minute would show no more than one call does. So the time of one is multiplied,
/// and the row says so.
fn one_after_another(Flags { site, url, count }: &Flags) -> io::Result<bool> {
    let agent = site.agent();
    let start = Instant::now();
    let answer = synchronous_fetch(&agent, url);
    let call = start.elapsed();
    let note = format!("one after another, not run: {count} × {}", time(call));
    write_row("synchronous_fetch", &note, call * *count, 1, "main")?;
    Ok(!answer.is_err_and(|error| is_failure(&error)))
}

fn a_thread_for_each(flags: &Flags) -> io::Result<bool> {
    let row = Row::new("synchronous_fetch", "a thread for each");
    let agent = flags.site.agent();
    let start = Instant::now();
    let (sender, handled) = mpsc::channel();
    for _ in 0..flags.count {
        let (agent, url, sender) = (agent.clone(), flags.url.to_owned(), sender.clone());
        row.threads.start("synchronous", move || {
            // This fails only when the program has ended early.
            let _ = sender.send(handle(synchronous_fetch(&agent, &url)));
        })?;
    }
    drop(sender);
    row.show(start, handled.iter().collect())
}

async fn callbacks(flags: &Flags<'_>) -> io::Result<bool> {
    let row = Row::new("asynchronous_fetch", "");
    let fetcher = flags.site.fetcher(&row.threads)?;
    let start = Instant::now();
    let (handler, calls) = handler();
    for _ in 0..flags.count {
        asynchronous_fetch(&fetcher, flags.url, handler.clone());
    }
    row.show(start, all(calls, flags.count).await)
}

async fn futures(flags: &Flags<'_>) -> io::Result<bool> {
    let row = Row::new("async_fetch_future", "");
    let fetcher = flags.site.fetcher(&row.threads)?;
    let start = Instant::now();
    let futures = (0..flags.count).map(|_| async_fetch_future(&fetcher, flags.url));
    let answers = join_all(futures).await;
    row.show(start, answers.into_iter().map(handle).collect())
}

fn queue(flags: &Flags) -> io::Result<bool> {
    let row = Row::new("fetch_to_queue", "");
    let fetcher = flags.site.fetcher(&row.threads)?;
    let start = Instant::now();
    let (queue, deliveries) = mpsc::channel();
    for _ in 0..flags.count {
        fetch_to_queue(&fetcher, flags.url, &queue);
    }
    drop(queue);
    row.show(start, deliveries.iter().map(|(_, answer)| handle(answer)).collect())
}

async fn registered(flags: &Flags<'_>) -> io::Result<bool> {
    let row = Row::new("registered_fetch", "");
    let fetcher = flags.site.fetcher(&row.threads)?;
    let start = Instant::now();
    let (handler, calls) = handler();
    let registry = registry(&fetcher, handler);
    for _ in 0..flags.count {
        registered_fetch(&registry, flags.url);
    }
    row.show(start, all(calls, flags.count).await)
}

async fn coroutines(flags: &Flags<'_>) -> io::Result<bool> {
    let row = Row::new("fetch_coroutine", "");
    let client = flags.site.client();
    let start = Instant::now();
    let coroutines = (0..flags.count).map(|_| fetch_coroutine(&client, flags.url));
    let answers = join_all(coroutines).await;
    row.show(start, answers.into_iter().map(handle).collect())
}

async fn tasks(flags: &Flags<'_>) -> io::Result<bool> {
    let row = Row::new("fetch_task", "");
    let client = flags.site.client();
    let start = Instant::now();
    let tasks: Vec<_> =
        (0..flags.count).map(|_| fetch_task(&client, flags.url)).collect();
    let mut handled = Vec::new();
    for task in tasks {
        handled.push(handle(task.await.expect("fetch_coroutine does not panic")));
    }
    row.show(start, handled)
}

/// Waits until a handler has been called `count` times.
async fn all(mut calls: UnboundedReceiver<Handled>, count: u32) -> Vec<Handled> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(next(&mut calls).await);
    }
    all
}

struct Row {
    style: &'static str,
    note: &'static str,
    threads: Threads,
}

impl Row {
    fn new(style: &'static str, note: &'static str) -> Self {
        Self { style, note, threads: Threads::default() }
    }

    /// Shows what became of the fetches that began at `start`. Returns whether none
    /// failed.
    fn show(&self, start: Instant, all: Vec<Handled>) -> io::Result<bool> {
        let took = start.elapsed();
        let handlers: HashSet<_> =
            all.iter().map(|handled| handled.thread.id()).collect();
        let one = all.first().and_then(|handled| handled.thread.name());
        let handled_on = match (handlers.len(), one) {
            (1, Some(name)) => name.to_owned(),
            (threads, _) if threads == all.len() => "its own".to_owned(),
            (threads, _) => threads.to_string(),
        };
        write_row(self.style, self.note, took, self.threads.count(), &handled_on)?;
        let mut errors = BTreeMap::<String, usize>::new();
        let mut nothing_failed = true;
        for error in all.into_iter().filter_map(|handled| handled.error) {
            *errors.entry(error.to_string()).or_default() += 1;
            nothing_failed &= !is_failure(&error);
        }
        for (error, count) in errors {
            writeln!(program::stdout(), "{:19}{count} × {error}", "")?;
        }
        Ok(nothing_failed)
    }
}

/// The last two columns end where those of the other parts do.
fn write_row(
    style: &str,
    note: &str,
    took: Duration,
    threads: usize,
    handled_on: &str,
) -> io::Result<()> {
    let took = time(took);
    writeln!(
        program::stdout(),
        "{style:<18} {note:<41} {took:>6} {threads:>3} {handled_on}"
    )
}
