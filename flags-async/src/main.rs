//! Downloads flags with an event loop: one thread waits for all of them at once.
//!
//! ```text
//! $ cargo run -p flags-async
//! PH FR RU CN IR CD BD VN TR EG JP US IN PK DE ET ID NG BR MX
//! 20 flags downloaded in 1.31s
//! ```
//!
//! [Its chapter and its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::{sync::Semaphore, task::spawn_blocking};

const CONCURRENCY: usize = 1000;

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<CountryCode, FlagError> {
    let image = get_flag(client, &flag).await?;
    // A disk would block the loop. `??`: the saving thread may panic, or saving fail.
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(flag.code())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let limit = Semaphore::new(job.concurrency());
    // All futures are one task here: they may borrow, and a panic in one ends them all.
    let downloads = job.flags().map(async |flag| {
        let _permit = limit.acquire().await.expect("nobody closes this semaphore");
        download_one(&client, flag).await
    });
    let results = event_loop().block_on(join_all(downloads));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(_) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
