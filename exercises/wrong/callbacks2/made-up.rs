//! Wrong: it fetches one flag, and makes up the others.
//!
//! Told: It has asked for BR, and it should be BR, CN, FR.

use std::error::Error;
use std::time::Duration;

use exercises::site::Site;
use fetch_styles::coroutine::fetch_coroutine;
use flags_common::FlagError;
use flags_common::clients::reqwest::{event_loop, reqwest_client_for};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches the flags of BR, CN and FR, and prints how large each is.
async fn three_in_a_row(client: &Client, site: &Site) -> Result<(), FlagError> {
    let image = fetch_coroutine(client, &site.flag("br")).await?;
    println!("{} bytes", image.len());
    println!("1200 bytes\n423 bytes");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(three_in_a_row(&client, &site))?;
    Ok(())
}
