//! All or nothing.
//!
//! These 20 flags are worth something only together: when one is missing, none is saved.
//! That is so already. But when a download fails, the program waits for all the others
//! before it says so, although nobody wants them any more. Change it so that the first
//! error ends the run, and is reported: the requests that are in flight at that moment
//! are given up. Where nothing fails, all 20 flags are saved, as they are now.
//!
//! Now: Given up after the first error: 0 requests, and it should be 16. All others were
//! waited for in vain.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;

const CONCURRENCY: usize = 1000;

/// One flag with its image, or the code of one that has failed, and why.
type Downloaded = Result<(Flag, Vec<u8>), (CountryCode, FlagError)>;

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag, and keeps it together with its image.
async fn download_one(client: &Client, flag: Flag) -> Downloaded {
    match get_flag(client, &flag).await {
        Ok(image) => Ok((flag, image)),
        Err(error) => Err((flag.code(), error)),
    }
}

/// Saves the flags, and returns how many there are.
fn save_all(flags: &[(Flag, Vec<u8>)]) -> Result<usize, (CountryCode, FlagError)> {
    for (flag, image) in flags {
        save_flag(flag, image).map_err(|error| (flag.code(), error))?;
        show(flag);
    }
    Ok(flags.len())
}

/// Downloads all flags or none, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(|flag| download_one(&client, flag));
    let results: Vec<Downloaded> = event_loop().block_on(join_all(downloads));
    let flags: Result<Vec<_>, _> = results.into_iter().collect();
    match flags.and_then(|flags| save_all(&flags)) {
        Ok(count) => count,
        Err((code, error)) => {
            job.report(code, &error);
            0
        }
    }
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
