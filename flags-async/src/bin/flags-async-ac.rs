//! Downloads five flags with tasks, three at once, and takes the results as they come.
//!
//! All five are pending when they have been scheduled, where a thread pool would have
//! three running: a task runs only while the event loop does, and the loop gets its first
//! turn when `download_many` waits.
//!
//! ```text
//! $ cargo run -p flags-async --bin flags-async-ac
//! Scheduled for BR: <Task state=pending>
//! …
//! BR <Task state=finished> result: Ok(Downloaded(BR))
//! …
//! 5 flags downloaded in 0.86s
//! ```

use std::process::ExitCode;
use std::sync::Arc;

use flags_common::clients::reqwest::{read_image, reqwest_client};
use flags_common::{Defaults, Flag, FlagError, Job, Outcome, save_flag};
use reqwest::Client;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

const DEFAULTS: Defaults = Defaults { flags: 5, concurrency: 3, max: 1000 };

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag and saves it, which also shows its code.
async fn download_one(client: Client, limit: Arc<Semaphore>, flag: Flag) -> Outcome {
    let _permit = limit.acquire().await.expect("nobody closes this semaphore");
    flag.start();
    match get_flag(&client, &flag).await {
        Ok(image) => spawn_blocking(move || save_flag(flag, &image))
            .await
            .expect("save_flag does not panic"),
        Err(error) => flag.fail(error),
    }
}

/// Downloads all flags, and takes their results in the order in which they come.
#[tokio::main(flavor = "current_thread")]
async fn download_many(job: &Job) {
    let client = reqwest_client(job);
    let limit = Arc::new(Semaphore::new(job.concurrency()));
    let mut to_do = JoinSet::new();
    for flag in job.flags() {
        let code = flag.code();
        let task = to_do.spawn(download_one(client.clone(), Arc::clone(&limit), flag));
        let state = if task.is_finished() { "finished" } else { "pending" };
        job.println(format!("Scheduled for {code}: <Task state={state}>"));
    }
    while let Some(result) = to_do.join_next().await {
        job.println(format!("<Task state=finished> result: {result:?}"));
    }
}

fn main() -> ExitCode {
    flags_common::main(download_many, DEFAULTS)
}
