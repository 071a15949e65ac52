//! Each download waits for a tick of the same clock, which ticks ten times a second. It
//! holds the lock only until then, so that the next one can wait for the next tick while
//! the answer to this one is on its way.

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

const CONCURRENCY: usize = 1000;

const TENTH_OF_A_SECOND: Duration = Duration::from_millis(100);

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
async fn download_all(client: &Client, job: &Job) -> usize {
    let mut clock = interval(TENTH_OF_A_SECOND);
    // To catch up with ticks that were missed would be a burst.
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Not the mutex of `std`: it is held while the tick is awaited.
    let clock = Mutex::new(clock);
    let downloads = job.flags().map(async |flag| {
        clock.lock().await.tick().await;
        download_one(client, flag).await
    });
    let results = join_all(downloads).await;
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    event_loop().block_on(download_all(&client, job))
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
