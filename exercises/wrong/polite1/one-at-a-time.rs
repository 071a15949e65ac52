//! Wrong: it pauses between the flags, and waits for each answer besides.
//!
//! Told: They came slowly enough, but from the first request to the last it took …, and
//! two seconds would do. What does a request wait for?

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
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
    let mut count = 0;
    for (code, flag) in job.codes().zip(job.flags()) {
        match download_one(client, flag).await {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
        sleep(Duration::from_millis(100)).await;
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
