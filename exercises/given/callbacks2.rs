//! Three in a row, by await.
//!
//! The same three flags as in callbacks1, and in the same way: CN is asked for when the
//! answer for BR is there, FR when the answer for CN is, and nothing more after an error.
//! This time it is a coroutine, so that no callback is needed. As it stands, it asks for
//! all three at once.
//!
//! Now: 3 in flight at most. It should be 1: each flag is asked for when the answer
//! before it is there.

use std::error::Error;
use std::time::Duration;

use exercises::site::Site;
use fetch_styles::coroutine::fetch_coroutine;
use flags_common::FlagError;
use flags_common::clients::reqwest::{event_loop, reqwest_client_for};
use futures::future::join_all;
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches the flags of BR, CN and FR, and prints how large each is.
async fn three_in_a_row(client: &Client, site: &Site) -> Result<(), FlagError> {
    let fetch = async |code| fetch_coroutine(client, &site.flag(code)).await;
    let answers = join_all(["br", "cn", "fr"].map(fetch)).await;
    for answer in answers {
        println!("{} bytes", answer?.len());
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(three_in_a_row(&client, &site))?;
    Ok(())
}
