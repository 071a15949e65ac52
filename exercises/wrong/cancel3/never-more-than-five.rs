//! Wrong: it never does more than what is left after Ctrl-C.
//!
//! Told: Without Ctrl-C it has sent 5 of 20 requests, and printed 5 of 20 codes.

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
    let downloads = MOST_POPULOUS.iter().take(5).map(async |&code| {
        let _permit = limit.acquire().await.expect("nobody closes this semaphore");
        match get_flag(client, site.url_of(code)).await {
            Ok(_) => println!("{code}"),
            Err(error) => eprintln!("{code}: {error}"),
        }
    });
    join_all(downloads).await;
    let _ = ctrl_c;
}

fn main() -> io::Result<()> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(download_many(&client, &site));
    Ok(())
}
