//! Calls an `async fn` and awaits it a second later; then does the same with a task. The
//! site tells when the request came.
//!
//! ```text
//! $ cargo run -p flags-async --bin lazy
//! The site answers after 300ms.   request came     took
//! called, awaited 1 s later             1.00 s   1.31 s
//! spawned, awaited 1 s later            0.00 s   1.00 s
//! called, never awaited                  never   1.00 s
//! ```

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{FlagError, countries::MOST_POPULOUS, experiment};
use flags_server::{Behaviour, Latency, WatchedServer};
use reqwest::Client;
use tokio::time::sleep;

const BEHAVIOUR: Behaviour =
    Behaviour { latency: Latency::Fixed(Duration::from_millis(300)), error_rate: 0.0 };
const ONE_SECOND: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// The call only makes a future. `get_flag` begins to run when that is awaited.
async fn call(client: Client, url: String) -> Result<(), FlagError> {
    let future = get_flag(client, url);
    sleep(ONE_SECOND).await;
    future.await.map(drop)
}

/// A spawned future is a task, which runs as soon as the loop is free: here in `sleep`.
async fn spawn(client: Client, url: String) -> Result<(), FlagError> {
    let task = tokio::spawn(get_flag(client, url));
    sleep(ONE_SECOND).await;
    task.await?.map(drop)
}

/// The future is dropped at the semicolon. The compiler warns: "unused implementer of
/// `Future` that must be used". `expect` allows it here, and would warn if there were
/// nothing to allow.
async fn forget(client: Client, url: String) -> Result<(), FlagError> {
    #[expect(unused_must_use, reason = "wrong on purpose; `call` awaits it")]
    get_flag(client, url);
    sleep(ONE_SECOND).await;
    Ok(())
}

/// Lets a flag be downloaded from a site of its own, and shows when the request came.
async fn show(
    out: &mut dyn Write,
    title: &str,
    download: impl AsyncFnOnce(Client, String) -> Result<(), FlagError>,
) -> io::Result<()> {
    let site = WatchedServer::start(BEHAVIOUR, None)?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    let called = Instant::now();
    download(client, site.url_of(MOST_POPULOUS[0])).await?;
    let took = seconds(called.elapsed());
    let came = site.requests().first().map(|request| seconds(request.came - called));
    writeln!(out, "{title:32}{:>12}{took:>9}", came.as_deref().unwrap_or("never"))
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn main() -> ExitCode {
    experiment::main("Shows when an async fn begins to run", |out| {
        writeln!(out, "The site {BEHAVIOUR}.   request came     took")?;
        event_loop().block_on(async {
            show(out, "called, awaited 1 s later", call).await?;
            show(out, "spawned, awaited 1 s later", spawn).await?;
            show(out, "called, never awaited", forget).await
        })
    })
}
