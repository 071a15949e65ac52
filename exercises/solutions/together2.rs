//! A task may outlive the function that has made it, so that each has a client of its
//! own, which is one more handle of the same. A panic ends its task, and is what awaiting
//! that task brings. `join_all` waits for the tasks here, and keeps the order of the
//! flags.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
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
    let tasks =
        job.flags().map(|flag| event_loop.spawn(download_one(client.clone(), flag)));
    let tasks: Vec<_> = tasks.collect();
    let results = event_loop.block_on(join_all(tasks));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
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
