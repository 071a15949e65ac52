//! Asks two sites for the same flag. The first answer wins, and `select!` drops the other
//! future in the middle. Each site tells what became of its request.
//!
//! ```text
//! $ cargo run -p flags-async --bin first-wins
//!      the first is   site A, 350 ms on average   site B, 500 ms on average
//! CN   A              answered after 0.07 s       given up after 0.07 s
//! IN   B              given up after 0.10 s       answered after 0.10 s
//! US   B              given up after 0.18 s       answered after 0.18 s
//! ID   A              answered after 0.14 s       given up after 0.14 s
//! BR   A              answered after 0.54 s       given up after 0.54 s
//! connections         3                           3
//! ```
//!
//! A request that is answered leaves its connection to the next; one that is given up
//! does not.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{CountryCode, FlagError, countries::MOST_POPULOUS, experiment};
use flags_server::{Behaviour, Latency, Outcome, SeenRequest, WatchedServer};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Downloads a flag from both sites at once, and returns which of them was the first. The
/// other future is dropped, and its connection closed with it: HTTP/1 has no other way to
/// say that nobody waits any more.
async fn race(
    client: &Client,
    [a, b]: &[WatchedServer; 2],
    code: CountryCode,
) -> Result<&'static str, FlagError> {
    tokio::select! {
        image = get_flag(client, a.url_of(code)) => image.map(|_| "A"),
        image = get_flag(client, b.url_of(code)) => image.map(|_| "B"),
    }
}

/// What became of the request for a flag, as the site saw it.
async fn fate(site: &WatchedServer, code: CountryCode) -> io::Result<String> {
    let (requests, url) = (site.ended_requests(TIMEOUT).await?, site.url_of(code));
    let request = requests.iter().find(|request| url.ends_with(&request.path));
    let Some(SeenRequest { came, end: Some(end), .. }) = request else {
        return Ok("never asked".to_owned());
    };
    let what = match end.outcome {
        Outcome::Answered { .. } => "answered",
        Outcome::GivenUp => "given up",
    };
    Ok(format!("{what} after {:.2} s", (end.at - *came).as_secs_f64()))
}

/// How many connections the requests to a site have taken.
fn connections(site: &WatchedServer) -> u64 {
    site.requests().iter().map(|request| request.connection).max().unwrap_or(0)
}

/// A site that answers after this many milliseconds on average. Which flag has to wait
/// for how long is left to chance, so that each site is sometimes the first.
fn start(milliseconds: u64) -> io::Result<WatchedServer> {
    let mean = Duration::from_millis(milliseconds);
    let latency = Latency::Exponential { mean };
    WatchedServer::start(Behaviour { latency, error_rate: 0.0 }, None)
}

fn main() -> ExitCode {
    experiment::main("Shows what becomes of a future that select! drops", |out| {
        let titles = "site A, 350 ms on average   site B, 500 ms on average";
        writeln!(out, "     the first is   {titles}")?;
        let sites = [start(350)?, start(500)?];
        let client = reqwest_client_for(sites[0].url(), TIMEOUT);
        event_loop().block_on(async {
            for &code in &MOST_POPULOUS[..5] {
                let first = race(&client, &sites, code).await?;
                let [a, b] = [fate(&sites[0], code).await?, fate(&sites[1], code).await?];
                writeln!(out, "{code:5}{first:15}{a:28}{b}")?;
            }
            let [a, b] = sites.each_ref().map(connections);
            writeln!(out, "connections         {a:<28}{b}")
        })
    })
}
