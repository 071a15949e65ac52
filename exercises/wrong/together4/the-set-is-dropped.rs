//! Wrong: the `async move` block owns the set, which is dropped with it when time is up,
//! and all that is pending with the set.
//!
//! Told: … of the 20 requests were given up. What is pending should go on, and be waited
//! for.

use std::collections::HashMap;
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
        let (codes, count) = (&codes, &mut done);
        let all = async move {
            while let Some(result) = tasks.join_next_with_id().await {
                match result {
                    Ok((_, Ok(()))) => *count += 1,
                    Ok((id, Err(error))) => job.report(codes[&id], &error),
                    Err(panicked) => job.report(codes[&panicked.id()], &panicked),
                }
            }
        };
        let _ = timeout(Duration::from_millis(500), all).await;
        job.println(format_args!("{done} done, {} pending", 20 - done));
        done
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
