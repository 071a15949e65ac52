//! Wrong: an answer that is an error is passed over, and the next step begins.
//!
//! Told: The answer for CN was an error, and all the same FR was asked for.

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
    for code in ["br", "cn", "fr"] {
        if let Ok(image) = fetch_coroutine(client, &site.flag(code)).await {
            println!("{} bytes", image.len());
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(three_in_a_row(&client, &site))?;
    Ok(())
}
