//! `select!` returns with the first answer, and drops the other future. That future owns
//! its request: the connection is closed, and the site sees that nobody waits any more.

use std::io;
use std::time::Duration;

use exercises::site::Site;
use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{CountryCode, FlagError, countries::MOST_POPULOUS};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Downloads a flag from both sites at once, and returns which of them was the first.
async fn first(
    client: &Client,
    [a, b]: &[Site; 2],
    code: CountryCode,
) -> Result<&'static str, FlagError> {
    tokio::select! {
        image = get_flag(client, a.url_of(code)) => image.map(|_| "A"),
        image = get_flag(client, b.url_of(code)) => image.map(|_| "B"),
    }
}

fn main() -> io::Result<()> {
    let sites = [Site::open()?, Site::mirror()?];
    let client = reqwest_client_for(sites[0].url(), TIMEOUT);
    event_loop().block_on(async {
        for &code in &MOST_POPULOUS[..2] {
            println!("{code} {}", first(&client, &sites, code).await?);
        }
        Ok(())
    })
}
