//! A slow disk on the event loop.
//!
//! `save_on_slow_disk` blocks its thread for 400 ms. Here that is the thread of the event
//! loop, on which a heart beats every 10 ms: while a flag is saved it stands still. Save
//! the 4 flags beside the loop while it runs, on the same slow disk, so that no gap
//! between two beats is as long as one saving. (`beside_a_heartbeat` is where it beats.
//! Leave that as it is.)
//!
//! Now: The heart stood still for … ms. No gap should be as long as one saving, which is
//! 400 ms.

use std::process::ExitCode;

use exercises::observe::{beside_a_heartbeat, save_on_slow_disk};
use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Defaults, Flag, FlagError, Job, show};
use futures::future::join_all;
use reqwest::Client;

const DEFAULTS: Defaults = Defaults { flags: 4, concurrency: 1000 };

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<(), FlagError> {
    let image = get_flag(client, &flag).await?;
    save_on_slow_disk(&flag, &image)?;
    show(&flag);
    Ok(())
}

/// Downloads all flags beside a heart, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(|flag| download_one(&client, flag));
    let results = event_loop().block_on(beside_a_heartbeat(join_all(downloads)));
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
    flags_common::main_with(download_many, DEFAULTS)
}
