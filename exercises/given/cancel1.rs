//! The first of two sites.
//!
//! Two sites have the same flags. `first` asks both for a flag at once, and returns which
//! of them was the first. But it waits for both answers: the later one is of no use to
//! anybody. Change it so that it returns when the first answer is there, and the other
//! request is given up at that moment. There are two flags, so that 4 requests are sent,
//! 2 to each site, and 2 of them are given up. What is printed stays as it is.
//!
//! Now: Given up: 0 of 4 requests, and it should be 2, one for each flag: the one that is
//! not the first.

use std::io;
use std::time::{Duration, Instant};

use exercises::site::Site;
use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::{CountryCode, FlagError, countries::MOST_POPULOUS};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads the image of one flag.
async fn get_flag(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Downloads the image of one flag, and returns when it had arrived.
async fn arrival(client: &Client, url: String) -> Result<Instant, FlagError> {
    get_flag(client, url).await?;
    Ok(Instant::now())
}

/// Downloads a flag from both sites at once, and returns which of them was the first.
async fn first(
    client: &Client,
    [a, b]: &[Site; 2],
    code: CountryCode,
) -> Result<&'static str, FlagError> {
    let from_a = arrival(client, a.url_of(code));
    let from_b = arrival(client, b.url_of(code));
    let (from_a, from_b) = tokio::join!(from_a, from_b);
    Ok(if from_a? < from_b? { "A" } else { "B" })
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
