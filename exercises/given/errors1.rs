//! Three tries.
//!
//! Now and then this site answers with status 418, and gives the flag when it is asked
//! again. Have `get_flag` try up to three times: after a status of failure
//! (`FlagError::Status`) it waits 200 ms and tries once more, and after a second one it
//! waits 400 ms before the last try. What fails three times is reported as it is now. A
//! 404 (`FlagError::NotFound`) is an answer, and no reason to ask again. While one flag
//! pauses, the others go on.
//!
//! Now: Flags saved whole: 13. It should be 20: the site gives out all of them
//! within three tries.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;
use tokio::task::spawn_blocking;

const CONCURRENCY: usize = 1000;

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
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
