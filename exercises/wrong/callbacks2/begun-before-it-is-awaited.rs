//! Wrong: a task begins when it is spawned. It is too late to await one after the other.
//!
//! Told: 3 in flight at most. It should be 1: each flag is asked for when the answer
//! before it is there.

use std::error::Error;
use std::time::Duration;

use exercises::site::Site;
use fetch_styles::coroutine::fetch_task;
use flags_common::FlagError;
use flags_common::clients::reqwest::{event_loop, reqwest_client_for};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches the flags of BR, CN and FR, and prints how large each is.
async fn three_in_a_row(client: &Client, site: &Site) -> Result<(), FlagError> {
    let tasks = ["br", "cn", "fr"].map(|code| fetch_task(client, &site.flag(code)));
    for task in tasks {
        println!("{} bytes", task.await??.len());
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(three_in_a_row(&client, &site))?;
    Ok(())
}
