//! Wrong: `expect` makes the panic of a task one of who awaits it, and the tasks that are
//! still in the set end with that.
//!
//! Told: Flags saved whole: …. It should be 19: all but EG.

use std::process::ExitCode;

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::task::{JoinSet, spawn_blocking};

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code. One flag has a pyramid too much for
/// it. That mistake stays: it stands for all those of which nobody knows yet.
async fn download_one(client: Client, flag: Flag) -> Result<(), FlagError> {
    let response = client.get(flag.url()).send().await?;
    let image = read_image(&flag, response).await?;
    assert!(flag.code().to_string() != "EG", "a pyramid too much");
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let event_loop = event_loop();
    let mut tasks = JoinSet::new();
    for flag in job.flags() {
        let (client, code) = (client.clone(), flag.code());
        let download = async move { (code, download_one(client, flag).await) };
        tasks.spawn_on(download, event_loop.handle());
    }
    let mut count = 0;
    while let Some(result) = event_loop.block_on(tasks.join_next()) {
        match result.expect("a task does not panic") {
            (_, Ok(())) => count += 1,
            (code, Err(error)) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
