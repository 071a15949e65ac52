//! Flags by their names.
//!
//! This one takes all chapters together. For each of the 20 countries ask the site for
//! the flag (`site.url_of(code)`) and for what there is to know of the country
//! (`site.metadata_url_of(code)`): a JSON object, in which `country` is its name. Save
//! the image under that name, as `downloads/Brazil.gif`. These are 40 requests, and 8 of
//! them are in flight at once, no more and, as long as there are some left, no fewer.
//!
//! If one of the two fails, nothing is saved for that country, a line on stderr begins
//! with its code and says why, and the others go on. In the end the status is 1 if
//! anything has failed, and 0 if not. (`serde_json` is there to be used.)
//!
//! Now: 20 requests came, and it should be 40: two for each country.

use std::process::ExitCode;
use std::time::Duration;
use std::{fs, io};

use exercises::site::Site;
use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::countries::MOST_POPULOUS;
use flags_common::{FlagError, program};
use reqwest::Client;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads what is at a URL.
async fn get(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// Downloads all flags. Whether nothing has failed.
async fn download_all(client: &Client, site: &Site) -> io::Result<bool> {
    for code in MOST_POPULOUS {
        let image = get(client, site.url_of(code)).await?;
        fs::write(format!("downloads/{code}.gif"), image)?;
        println!("{code}");
    }
    Ok(true)
}

fn download() -> io::Result<bool> {
    fs::create_dir_all("downloads")?;
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    event_loop().block_on(download_all(&client, &site))
}

fn main() -> ExitCode {
    // 0 for `true`, 1 for `false`, and 1 for an error, which it tells.
    program::exit_status(download())
}
