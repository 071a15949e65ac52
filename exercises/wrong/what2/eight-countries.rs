//! Wrong: eight permits for countries are sixteen requests.
//!
//! Told: It had 16 in flight at most, and it should be 8.

use std::process::ExitCode;
use std::time::Duration;
use std::{fs, io};

use exercises::site::Site;
use flags_common::clients::reqwest::{event_loop, read_body, reqwest_client_for};
use flags_common::countries::MOST_POPULOUS;
use flags_common::{CountryCode, FlagError, program};
use futures::future::join_all;
use reqwest::Client;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

const AT_ONCE: usize = 8;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Downloads what is at a URL.
async fn get(client: &Client, url: String) -> Result<Vec<u8>, FlagError> {
    read_body(client.get(url).send().await?).await
}

/// The name of a country, from what the site says of it.
fn name_in(metadata: &[u8]) -> io::Result<String> {
    let metadata: Value = serde_json::from_slice(metadata)?;
    let name = metadata["country"].as_str();
    Ok(name.ok_or_else(|| io::Error::other("it has no name"))?.to_owned())
}

/// Downloads the flag of a country, and saves it under the name of the country.
async fn download_one(
    client: &Client,
    limit: &Semaphore,
    site: &Site,
    code: CountryCode,
) -> io::Result<()> {
    let _permit = limit.acquire().await.expect("nobody closes this semaphore");
    let image = get(client, site.url_of(code));
    let metadata = get(client, site.metadata_url_of(code));
    let (image, metadata) = tokio::try_join!(image, metadata)?;
    let path = format!("downloads/{}.gif", name_in(&metadata)?);
    spawn_blocking(move || fs::write(path, image)).await??;
    println!("{code}");
    Ok(())
}

/// Downloads all flags. Whether nothing has failed.
async fn download_all(client: &Client, site: &Site) -> io::Result<bool> {
    let limit = Semaphore::new(AT_ONCE);
    let downloads = MOST_POPULOUS.map(|code| download_one(client, &limit, site, code));
    let results = join_all(downloads).await;
    let mut all_is_well = true;
    for (code, result) in MOST_POPULOUS.iter().zip(results) {
        if let Err(error) = result {
            eprintln!("{code}: {error}");
            all_is_well = false;
        }
    }
    Ok(all_is_well)
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
