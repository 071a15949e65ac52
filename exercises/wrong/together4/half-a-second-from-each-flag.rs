//! Wrong: the half second begins anew with each flag that comes, and is never over while
//! the flags are coming.
//!
//! Told: Its first line with "pending" is "20 done, 0 pending". 500 ms after the
//! beginning it should be "… done, … pending".

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Waits for all tasks of a set, and counts those that have got their flag.
async fn join(tasks: &mut JoinSet<Result<(), FlagError>>, done: &mut usize) {
    while let Some(result) = tasks.join_next().await {
        if let Ok(Ok(())) = result {
            *done += 1;
        }
    }
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let downloads = job.flags().map(|flag| download_one(client.clone(), flag));
    event_loop().block_on(async {
        let mut tasks: JoinSet<_> = downloads.collect();
        let mut done = 0;
        let half_a_second = Duration::from_millis(500);
        while let Ok(Some(result)) = timeout(half_a_second, tasks.join_next()).await {
            if let Ok(Ok(())) = result {
                done += 1;
            }
        }
        job.println(format_args!("{done} done, {} pending", tasks.len()));
        join(&mut tasks, &mut done).await;
        job.println(format_args!("{done} done, {} pending", tasks.len()));
        done
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
