//! Ctrl-C, and a good end.
//!
//! 20 flags are downloaded, 5 at once. At Ctrl-C the program ends, and the 5 requests in
//! flight are given up, although their answers are on the way. Change it so that it
//! begins no request after Ctrl-C, waits for the 5 that are in flight, prints their codes
//! like all others, and then ends with status 0. Without Ctrl-C it downloads all 20, as
//! it does now.
//!
//! Now: Given up at Ctrl-C: 5 requests, and it should be 0. What is in flight is waited
//! for.

use std::io;
use std::time::Duration;

use exercises::site::Site;
use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{FlagError, countries::MOST_POPULOUS};
use futures::future::join_all;
use reqwest::Client;
use tokio::signal::ctrl_c;
use tokio::sync::Semaphore;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Downloads all flags, 5 at once, until Ctrl-C is pressed.
async fn download_many(client: &Client, site: &Site) {
    let limit = Semaphore::new(5);
    let downloads = MOST_POPULOUS.iter().map(async |&code| {
        let _permit = limit.acquire().await.expect("nobody closes this semaphore");
        match get_flag(client, site.url_of(code)).await {
            Ok(_) => println!("{code}"),
            Err(error) => eprintln!("{code}: {error}"),
        }
    });
    tokio::select! {
        _ = join_all(downloads) => {}
        _ = ctrl_c() => eprintln!("interrupted"),
    }
}

fn main() -> io::Result<()> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(download_many(&client, &site));
    Ok(())
}
