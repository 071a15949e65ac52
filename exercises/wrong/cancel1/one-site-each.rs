//! Wrong: it prints the right words, and asks only one site for each flag.
//!
//! Told: Requests to site A: 1, to site B: 1. It should be 2 and 2: both are asked for
//! each of the two flags.

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
    let is_first_flag = code == MOST_POPULOUS[0];
    let (site, name) = if is_first_flag { (a, "A") } else { (b, "B") };
    get_flag(client, site.url_of(code)).await?;
    Ok(name)
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
