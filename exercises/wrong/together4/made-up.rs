//! Wrong: it prints the example, and not what it has counted.
//!
//! Told: Its first line with "pending" is "13 done, 7 pending". 500 ms after the
//! beginning it should be "… done, … pending".

use std::collections::HashMap;
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
    event_loop().block_on(async {
        let (mut tasks, mut codes, mut done) = (JoinSet::new(), HashMap::new(), 0);
        for flag in job.flags() {
            let code = flag.code();
            let task = tasks.spawn(download_one(client.clone(), flag));
            codes.insert(task.id(), code);
        }
        sleep(Duration::from_millis(500)).await;
        job.println("13 done, 7 pending");
        while let Some(result) = tasks.join_next_with_id().await {
            match result {
                Ok((_, Ok(()))) => done += 1,
                Ok((id, Err(error))) => job.report(codes[&id], &error),
                Err(panicked) => job.report(codes[&panicked.id()], &panicked),
            }
        }
        job.println(format_args!("{done} done, {} pending", tasks.len()));
        done
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
