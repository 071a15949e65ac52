//! Fetches one flag in six styles, and shows for each what the thread `main`, which makes
//! the call, does until the answer comes: # is time in the call, . is time that is free.
//!
//! ```text
//! $ cargo run -p fetch-styles
//! synchronous_fetch   ####################    303 ms   303 ms  main     1995 bytes
//! asynchronous_fetch  ....................      0 ms   301 ms  fetcher  1995 bytes
//! …
//! ```

mod table;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use clap::Parser;
use fetch_styles::callback::{self, asynchronous_fetch};
use fetch_styles::coroutine::{self, fetch_coroutine};
use fetch_styles::future::{self, async_fetch_future};
use fetch_styles::queue::{self, fetch_to_queue};
use fetch_styles::registry::{self, Registry, registered_fetch};
use fetch_styles::synchronous::{self, synchronous_fetch};
use flags_common::clients::{reqwest::reqwest_client_for, ureq::ureq_agent_for};
use flags_common::{FlagError, parse_timeout, parse_url};
use flags_server::{Behaviour, FlagServer, Latency};
use reqwest::Client;
use tokio::runtime::{self, Runtime};
use ureq::Agent;

use crate::table::{HEADINGS, call_back, handle, show};

/// How long the embedded site waits: always the same, so that only the styles differ.
const DELAY: Duration = Duration::from_millis(300);

/// Fetches one flag in six styles, and shows who waits for whom
#[derive(Debug, Parser)]
#[command(version, max_term_width = 90)]
struct Arguments {
    /// The folder that holds br/br.gif, on another site than the embedded one
    #[arg(long, value_parser = parse_url)]
    url: Option<String>,

    /// How long one fetch may take
    #[arg(long, value_name = "TIME", default_value = "6.1s")]
    #[arg(value_parser = parse_timeout)]
    timeout: Duration,
}

/// The exit status is 0 when nothing failed (that there is no such flag is an answer, not
/// a failure), 1 when something did, and 2 when the command line is wrong.
fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // The reader has seen enough, as in `fetch-styles | head -1`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Where this cannot be written either, nobody is left to tell.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<bool> {
    let behaviour = Behaviour { latency: Latency::Fixed(DELAY), error_rate: 0.0 };
    let mut embedded = None;
    let url = match &arguments.url {
        Some(url) => url,
        None => embedded.insert(FlagServer::start(behaviour, None)?).url(),
    };
    let tools = Tools {
        agent: ureq_agent_for(url, arguments.timeout, 1),
        client: reqwest_client_for(url, arguments.timeout),
        event_loop: runtime::Builder::new_current_thread().enable_all().build()?,
    };
    let mut stdout = io::stdout();
    match arguments.url {
        Some(_) => writeln!(stdout, "The site is {url}")?,
        None => writeln!(stdout, "The embedded site {behaviour}.")?,
    }
    writeln!(stdout, "{HEADINGS}One flag:")?;
    let one = one_flag(&tools, &format!("{url}/br/br.gif"))?;
    writeln!(stdout, "\nTwo in a row, metadata.json and then the flag that it names:")?;
    let two = two_in_a_row(&tools, &format!("{url}/br/metadata.json"))?;
    Ok(one && two)
}

/// What the fetches are made with.
struct Tools {
    agent: Agent,
    client: Client,
    event_loop: Runtime,
}

/// Fetches one flag in each style. True when nothing failed.
fn one_flag(tools: &Tools, url: &str) -> io::Result<bool> {
    let Tools { agent, client, event_loop } = tools;
    let results = [
        show("synchronous_fetch", || synchronous_fetch(agent, url), handle)?,
        show(
            "asynchronous_fetch",
            || call_back(|handler| asynchronous_fetch(agent, url, handler)),
            |wait| wait(),
        )?,
        show(
            "async_fetch_future",
            || async_fetch_future(agent, url),
            |future| event_loop.block_on(async { handle(future.await) }),
        )?,
        show(
            "fetch_to_queue",
            || {
                let (queue, deliveries) = mpsc::channel();
                fetch_to_queue(agent, url, &queue);
                deliveries
            },
            |deliveries| match deliveries.recv() {
                Ok((_, answer)) => handle(answer),
                Err(_) => handle(Err(FlagError::Abandoned)),
            },
        )?,
        show(
            "registered_fetch",
            || {
                call_back(|handler| {
                    let handler = Arc::new(handler);
                    let handler_of_errors = Arc::clone(&handler);
                    let on_load = move |_: &_, _: &_, bytes| handler(Ok(bytes));
                    let on_error = move |_: &_, error| handler_of_errors(Err(error));
                    registered_fetch(&Registry::new(agent, on_load, on_error), url);
                })
            },
            |wait| wait(),
        )?,
        show(
            "fetch_coroutine",
            || fetch_coroutine(client, url),
            |coroutine| event_loop.block_on(async { handle(coroutine.await) }),
        )?,
    ];
    Ok(!results.contains(&false))
}

/// Fetches metadata and then a flag in each style. True when nothing failed.
fn two_in_a_row(tools: &Tools, url: &str) -> io::Result<bool> {
    let Tools { agent, client, event_loop } = tools;
    let results = [
        show("synchronous", || synchronous::two_in_a_row(agent, url), handle)?,
        show(
            "callback",
            || call_back(|handler| callback::two_in_a_row(agent, url, handler)),
            |wait| wait(),
        )?,
        show(
            "future",
            || future::two_in_a_row(agent, url),
            |future| event_loop.block_on(async { handle(future.await) }),
        )?,
        show("queue", || queue::two_in_a_row(agent, url), handle)?,
        show(
            "registry",
            || call_back(|handler| registry::two_in_a_row(agent, url, handler)),
            |wait| wait(),
        )?,
        show(
            "coroutine",
            || coroutine::two_in_a_row(client, url),
            |coroutine| event_loop.block_on(async { handle(coroutine.await) }),
        )?,
    ];
    Ok(!results.contains(&false))
}
