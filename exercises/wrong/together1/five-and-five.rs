//! Wrong: five flags, and when all of them are there five more.
//!
//! Told: While the first flag took long, 5 flags were asked for in all. As soon as any of
//! the 5 is done, the next one should begin.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
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
    let event_loop = event_loop();
    let mut flags = job.flags().peekable();
    let mut results = Vec::new();
    while flags.peek().is_some() {
        let five = flags.by_ref().take(5).map(|flag| download_one(&client, flag));
        results.extend(event_loop.block_on(join_all(five)));
    }
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
