//! The stream takes a future when it has room for it, and `map` makes it only then. It is
//! the limit and the line of those who wait, so that it needs no semaphore.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::stream::{self, StreamExt};
use reqwest::Client;
use tokio::task::spawn_blocking;

const CONCURRENCY: usize = 5;

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    // Each brings its code along, in whatever order they come.
    let downloads = job.flags().map(async |flag| {
        let code = flag.code();
        (code, download_one(&client, flag).await)
    });
    let results = stream::iter(downloads).buffer_unordered(job.concurrency());
    let results: Vec<_> = event_loop().block_on(results.collect());
    let mut count = 0;
    for (code, result) in results {
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
