//! Wrong: the loop has run the tasks meanwhile, but what is done stays in the set until
//! it is joined.
//!
//! Told: Its first line with "pending" is "0 done, 20 pending". 500 ms after the
//! beginning it should be "… done, … pending".

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(|flag| download_one(client.clone(), flag));
    event_loop().block_on(async {
        let mut tasks: JoinSet<_> = downloads.collect();
        let mut done = 0;
        sleep(Duration::from_millis(500)).await;
        job.println(format_args!("{done} done, {} pending", tasks.len()));
        while let Some(result) = tasks.join_next().await {
            if let Ok(Ok(())) = result {
                done += 1;
            }
        }
        job.println(format_args!("{done} done, {} pending", tasks.len()));
        done
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
