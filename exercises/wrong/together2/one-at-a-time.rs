//! Wrong: it waits for each task before it makes the next one.
//!
//! Told: It had 1 in flight at most, and it should be 20.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::task::spawn_blocking;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code. One flag has a pyramid too much for
/// it. That mistake stays: it stands for all those of which nobody knows yet.
async fn download_one(client: Client, flag: Flag) -> Result<(), FlagError> {
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
    let event_loop = event_loop();
    let mut count = 0;
    for (code, flag) in job.codes().zip(job.flags()) {
        let task = event_loop.spawn(download_one(client.clone(), flag));
        match event_loop.block_on(task) {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
