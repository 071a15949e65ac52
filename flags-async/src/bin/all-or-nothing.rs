//! Downloads 20 flags, some of which fail: with `join_all`, which returns all results,
//! and with `try_join_all`, which returns the first error and drops everything else.
//!
//! ```text
//! $ cargo run -p flags-async --bin all-or-nothing
//!                the program has   the site has sent
//!                flags  errors     flags  errors   given up     took
//! join_all          15       5        15       5          0   0.94 s
//! try_join_all       0       1         3       1         16   0.20 s
//! ```

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{FlagError, countries::MOST_POPULOUS, experiment};
use flags_server::{Behaviour, Profile, SeenRequest, WatchedServer};
use futures::future::{join_all, try_join_all};
use reqwest::Client;

/// A quarter of the answers are errors, as with ERROR, but they are as fast as with BOOK.
const BEHAVIOUR: Behaviour = Behaviour { error_rate: 0.25, ..Profile::Book.behaviour() };
/// Both runs get the same answers. With this seed some flags come before the first error.
const SEED: u64 = 36;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Waits for all downloads, and returns how many flags and how many errors there are.
async fn all(client: &Client, urls: Vec<String>) -> (usize, usize) {
    let downloads = urls.into_iter().map(|url| get_flag(client, url));
    let results = join_all(downloads).await;
    let flags = results.iter().flatten().count();
    (flags, results.len() - flags)
}

/// Waits for all downloads, or for the first error: then `try_join_all` drops those that
/// are in flight, and also the flags that have arrived.
async fn all_or_nothing(client: &Client, urls: Vec<String>) -> (usize, usize) {
    let downloads = urls.into_iter().map(|url| get_flag(client, url));
    match try_join_all(downloads).await {
        Ok(images) => (images.len(), 0),
        Err(_) => (0, 1),
    }
}

/// Downloads 20 flags, and shows what the program and the site have seen of them.
async fn show(
    out: &mut dyn Write,
    title: &str,
    download: impl AsyncFnOnce(&Client, Vec<String>) -> (usize, usize),
) -> io::Result<()> {
    let site = WatchedServer::start(BEHAVIOUR, Some(SEED))?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    let urls = MOST_POPULOUS.map(|code| site.url_of(code)).to_vec();
    let began = Instant::now();
    let (flags, errors) = download(&client, urls).await;
    let took = began.elapsed().as_secs_f64();
    let requests = site.ended_requests(TIMEOUT).await?;
    let statuses: Vec<u16> = requests.iter().filter_map(SeenRequest::status).collect();
    let sent = statuses.iter().filter(|status| **status == 200).count();
    let failed = statuses.len() - sent;
    let given_up = requests.iter().filter(|request| request.was_given_up()).count();
    write!(out, "{title:12}{flags:8}{errors:8}{sent:10}{failed:8}")?;
    writeln!(out, "{given_up:11}{took:7.2} s")
}

fn main() -> ExitCode {
    experiment::main("Shows what is lost at the first of many errors", |out| {
        writeln!(out, "{:15}the program has   the site has sent", "")?;
        writeln!(out, "{:15}flags  errors     flags  errors   given up     took", "")?;
        event_loop().block_on(async {
            show(out, "join_all", all).await?;
            show(out, "try_join_all", all_or_nothing).await
        })
    })
}
