//! Wrong: each of them waits for a tenth of a second, and all of them for the same one.
//!
//! Told: 21 requests came within 0.6 s. That is too many for a site that allows 10 in a
//! second.

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const CONCURRENCY: usize = 1000;

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
    let downloads = job.flags().map(async |flag| {
        sleep(Duration::from_millis(100)).await;
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
