//! Five at a time, as a stream.
//!
//! A small site has asked us to send it no more than 5 requests at once. `join_all` polls
//! the futures of all 20 flags, so that 20 requests are in flight at the same time. Take
//! the results from a stream instead, in which there is room for 5 futures: as soon as
//! one of them is done, whichever it is, the next one begins. All 20 flags are saved.
//!
//! Now: It had 20 in flight at most, and it should be 5.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::task::spawn_blocking;

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
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    // Each brings its code along, in whatever order they come.
    let downloads = job.flags().map(async |flag| {
        let code = flag.code();
        (code, download_one(&client, flag).await)
    });
    let results = event_loop().block_on(join_all(downloads));
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
