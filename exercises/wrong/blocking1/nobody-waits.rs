//! Wrong: nobody waits for the threads that save, and they end with the program.
//!
//! Told: Flags saved whole: 0. It should be 4. Does somebody wait until each is
//! saved?

use std::process::ExitCode;
use std::thread;

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
    show(&flag);
    thread::spawn(move || save_on_slow_disk(&flag, &image));
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
