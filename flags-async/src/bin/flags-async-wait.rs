//! Waits for 20 flags, but for 500 ms at most, as `asyncio.wait` can: some are done by
//! then, and the others pending. These are awaited in one run, and dropped in another.
//!
//! ```text
//! $ cargo run -p flags-async --bin flags-async-wait
//!                       after 500 ms      in the end       the site saw
//!                      done  pending   flags    took   answered  given up
//! pending are awaited    13        7      20  1.31 s         20         0
//! pending are dropped    13        7      13  0.50 s         13         7
//! ```

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{FlagError, countries::MOST_POPULOUS, experiment};
use flags_server::{Profile, SeenRequest, WatchedServer};
use reqwest::Client;
use tokio::{task::JoinSet, time::timeout};

const HALF_A_SECOND: Duration = Duration::from_millis(500);
const TIMEOUT: Duration = Duration::from_secs(10);

type Image = Vec<u8>;
type Tasks = JoinSet<Result<Image, FlagError>>;

/// Downloads the image of one flag.
async fn get_flag(client: Client, url: String) -> Result<Image, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Waits until all tasks are done, or for this long, and returns the images of those that
/// are done. The pending stay in the set, and go on.
async fn wait(tasks: &mut Tasks, longest: Duration) -> Result<Vec<Image>, FlagError> {
    let mut done = Vec::new();
    // `take_all` only borrows `done`: what it owned would be dropped with it, too.
    let take_all = async {
        while let Some(result) = tasks.join_next().await {
            done.push(result??);
        }
        Ok::<(), FlagError>(())
    };
    // That time is up is no error here, unlike what a task may return.
    timeout(longest, take_all).await.unwrap_or(Ok(()))?;
    Ok(done)
}

/// Waits for 20 flags, hands the pending on, and shows what became of all.
async fn show(
    out: &mut dyn Write,
    title: &str,
    finish: impl AsyncFnOnce(Tasks) -> Result<Vec<Image>, FlagError>,
) -> io::Result<()> {
    // The site deals the same 20 delays to any 20 flags, so the counts repeat.
    let site = WatchedServer::start(Profile::Book.behaviour(), None)?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    let began = Instant::now();
    let downloads = MOST_POPULOUS.map(|code| get_flag(client.clone(), site.url_of(code)));
    let mut tasks: Tasks = downloads.into_iter().collect();
    let done = wait(&mut tasks, HALF_A_SECOND).await?.len();
    let pending = tasks.len();
    let flags = done + finish(tasks).await?.len();
    let took = began.elapsed().as_secs_f64();
    let requests = site.ended_requests(TIMEOUT).await?;
    let answered = requests.iter().filter_map(SeenRequest::status).count();
    let given_up = requests.iter().filter(|request| request.was_given_up()).count();
    write!(out, "{title}{done:>6}{pending:>9}{flags:>8}{took:>6.2} s")?;
    writeln!(out, "{answered:>11}{given_up:>10}")
}

fn main() -> ExitCode {
    experiment::main("Shows what is done after 500 ms, and what is pending", |out| {
        writeln!(out, "{:22}after 500 ms      in the end       the site saw", "")?;
        writeln!(out, "{:21}done  pending   flags    took   answered  given up", "")?;
        event_loop().block_on(async {
            let awaited = async |mut tasks: Tasks| wait(&mut tasks, TIMEOUT).await;
            show(out, "pending are awaited", awaited).await?;
            // A `JoinSet` that is dropped aborts its tasks. A lone handle does not.
            let dropped = async |_: Tasks| Ok(Vec::new());
            show(out, "pending are dropped", dropped).await
        })
    })
}
