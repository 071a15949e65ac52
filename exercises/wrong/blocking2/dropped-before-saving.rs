//! Wrong: the guard is dropped sooner, but not before the longest wait.
//!
//! Told: It had 1 in flight at most, and it should be 10.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

const DEFAULTS: Defaults = Defaults { flags: 10, concurrency: 1000 };

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag, adds its size to `bytes`, saves it and shows its code.
async fn download_one(
    client: &Client,
    flag: Flag,
    bytes: &Mutex<usize>,
) -> Result<(), FlagError> {
    let mut bytes = bytes.lock().await;
    let image = get_flag(client, &flag).await?;
    *bytes += image.len();
    drop(bytes);
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, prints how large they are together, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let bytes = Mutex::new(0);
    let downloads = job.flags().map(|flag| download_one(&client, flag, &bytes));
    let results = event_loop().block_on(join_all(downloads));
    job.println(format_args!("{} bytes", bytes.into_inner()));
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
    flags_common::main_with(download_many, DEFAULTS)
}
