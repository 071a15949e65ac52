//! Wrong: it tries until it has the flag.
//!
//! Told: There were 7 requests for /flags/eg/eg.gif, and 3 are allowed.

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const CONCURRENCY: usize = 1000;

/// Asks for the image of one flag once.
async fn try_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads the image of one flag, however often it has to try.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let mut pause = Duration::from_millis(200);
    loop {
        match try_flag(client, flag).await {
            Err(FlagError::Status(_)) => sleep(pause).await,
            result => return result,
        }
        pause = (pause * 2).min(Duration::from_millis(400));
    }
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<(), FlagError> {
    let image = get_flag(client, &flag).await?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(|flag| download_one(&client, flag));
    let results = event_loop().block_on(join_all(downloads));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
