//! Wrong: it ends at the first error, and saves what has come before.
//!
//! Told: Saved although BR is missing: 3 flags. It is all or nothing.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use futures::stream::{FuturesUnordered, StreamExt};
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
    let mut results: FuturesUnordered<_> = downloads.collect();
    let mut flags = Vec::new();
    let mut first_error = None;
    event_loop().block_on(async {
        while let Some(result) = results.next().await {
            match result {
                Ok(flag) => flags.push(flag),
                Err(error) => {
                    first_error = Some(error);
                    break;
                }
            }
        }
    });
    if let Some((code, error)) = first_error {
        job.report(code, &error);
    }
    save_all(&flags).unwrap_or_else(|(code, error)| {
        job.report(code, &error);
        0
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
