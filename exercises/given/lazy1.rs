//! A second too late.
//!
//! For each country this program makes a page. First it asks what the site knows of the
//! country. Then it calls `download_one`, draws the page, which takes a second, and puts
//! the flag onto it. The flag could be on its way while the page is drawn. But the
//! request for it comes to the site only when the page is done, a second after the call.
//! Change `make_page` so that the request is sent first, and the page is drawn while the
//! flag is on its way. The page is still to be drawn, and each flag to be asked for once,
//! and saved.
//!
//! Now: The request for the flag came … ms after the answer about Brazil, so only when
//! the page was done.

use std::process::ExitCode;

use exercises::observe::future::draw_page;
use flags_common::clients::reqwest::{event_loop, read_body, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use reqwest::Client;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    save_flag(&flag, &image)?;
    show(&flag);
    Ok(())
}

/// Makes the page of the country that has this flag.
async fn make_page(client: Client, flag: Flag) -> Result<(), FlagError> {
    let (folder, _) = flag.url().rsplit_once('/').expect("it is the URL of a file");
    let about = client.get(format!("{folder}/metadata.json")).send().await?;
    let about = read_body(about).await?;
    let download = download_one(client, flag);
    draw_page(&about).await;
    download.await
}

/// Makes the pages of all flags, and returns how many it has made.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let pages = job.flags().map(|flag| make_page(client.clone(), flag));
    let results = event_loop().block_on(join_all(pages));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
