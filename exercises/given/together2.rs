//! One panic, and 19 flags.
//!
//! The download of EG panics. As all futures of `join_all` are one task, the panic ends
//! them all, and no flag is saved that has not been saved by then. Make a task of each,
//! so that the 19 others are saved, with all 20 requests in flight at once as before.
//! Have the panic told by `job.report(code, &error)`, with the code `EG` and the
//! `JoinError` of its task. (The status stays 1, since a flag is missing.)
//!
//! Now: Flags saved whole: …. It should be 19: all but EG.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::task::spawn_blocking;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code. One flag has a pyramid too much for
/// it. That mistake stays: it stands for all those of which nobody knows yet.
async fn download_one(client: &Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    assert!(flag.code().to_string() != "EG", "a pyramid too much");
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
