//! Downloads five flags with tasks, three at once, and takes the results as they come.
//! All are pending at first: tasks run only inside `block_on`. `show` prints codes.
//!
//! ```text
//! $ cargo run -p flags-async --bin flags-async-ac
//! Scheduled for BR: <Task state=pending>
//! …
//! <Task state=finished> result: Ok((Id(1), Ok(BR)))
//! ```

use std::{collections::HashMap, process::ExitCode, sync::Arc};

use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{CountryCode, Defaults, Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

const DEFAULTS: Defaults = Defaults { flags: 5, concurrency: 3 };

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client, flag: Flag) -> Result<CountryCode, FlagError> {
    let image = get_flag(client, &flag).await?;
    // A disk would block the loop. `??`: the saving thread may panic, or saving fail.
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(flag.code())
}

/// Downloads all flags, takes them as they come, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let limit = Arc::new(Semaphore::new(job.concurrency()));
    let event_loop = event_loop();
    let (mut to_do, mut codes, mut count) = (JoinSet::new(), HashMap::new(), 0);
    for flag in job.flags() {
        let code = flag.code();
        // A task could outlive this function, unlike a future in `join_all`: it owns all.
        let (client, limit) = (client.clone(), Arc::clone(&limit));
        let download = async move {
            let _permit = limit.acquire().await.expect("nobody closes this semaphore");
            download_one(&client, flag).await
        };
        let task = to_do.spawn_on(download, event_loop.handle());
        // No task has run yet. The handle's own `{:?}` says nothing of its state.
        let state = if task.is_finished() { "finished" } else { "pending" };
        job.println(format_args!("Scheduled for {code}: <Task state={state}>"));
        codes.insert(task.id(), code);
    }
    while let Some(result) = event_loop.block_on(to_do.join_next_with_id()) {
        // Only what is over is joined, and its handle is gone.
        job.println(format_args!("<Task state=finished> result: {result:?}"));
        match result {
            Ok((_, Ok(_))) => count += 1,
            Ok((id, Err(error))) => job.report(codes[&id], &error),
            Err(panicked) => job.report(codes[&panicked.id()], &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
