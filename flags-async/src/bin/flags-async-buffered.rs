//! Downloads flags with an event loop, and makes each future only when there is room for
//! it: with `--repeat 5000 -m 64` it takes 11 MB, where `flags-async` takes 95 MB.
//!
//! ```text
//! $ cargo run -p flags-async --bin flags-async-buffered
//! PH FR RU CN IR CD BD VN TR EG JP US IN PK DE ET ID NG BR MX
//! 20 flags downloaded in 1.31s
//! ```

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use futures::stream::{self, StreamExt};
use reqwest::Client;
use tokio::task::spawn_blocking;

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

/// Downloads all flags, takes them as they come, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(async |flag| {
        let code = flag.code();
        (code, download_one(&client, flag).await)
    });
    // The buffer makes the next future when one is done: it is the limit, too, so that no
    // semaphore is needed. As with `join_all` all are one task, and may borrow.
    let mut results = stream::iter(downloads).buffer_unordered(job.concurrency());
    let mut count = 0;
    event_loop().block_on(async {
        while let Some((code, result)) = results.next().await {
            match result {
                Ok(_) => count += 1,
                Err(error) => job.report(code, &error),
            }
        }
    });
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
