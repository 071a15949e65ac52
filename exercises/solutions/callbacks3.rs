//! A task waits where a thread has waited. All tasks have one thread, that of the event
//! loop, and each calls back when it has its answer. `download_many` waits on the same
//! loop: were it to block, no task would ever have its turn.

use std::process::ExitCode;

use exercises::observe;
use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;
use tokio::sync::mpsc;

const CONCURRENCY: usize = 1000;

type Answer = Result<Vec<u8>, FlagError>;

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Answer {
    read_image(flag, client.get(flag.url()).send().await?).await
}

/// Has a flag downloaded, and the answer handed to `callback`.
fn asynchronous_fetch(
    client: &Client,
    flag: Flag,
    callback: impl FnOnce(Flag, Answer) + Send + 'static,
) {
    let client = client.clone();
    tokio::spawn(async move {
        let answer = get_flag(&client, &flag).await;
        callback(flag, answer);
    });
}

/// Saves a flag and shows its code. This is the callback.
fn take(flag: &Flag, answer: Answer) -> Result<(), FlagError> {
    observe::callback_thread();
    save_flag(flag, &answer?)?;
    show(flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let client = reqwest_client(job);
    let (sender, mut results) = mpsc::unbounded_channel();
    event_loop().block_on(async {
        for flag in job.flags() {
            let sender = sender.clone();
            asynchronous_fetch(&client, flag, move |flag, answer| {
                drop(sender.send((flag.code(), take(&flag, answer))));
            });
        }
        drop(sender);
        let mut count = 0;
        while let Some((code, result)) = results.recv().await {
            match result {
                Ok(()) => count += 1,
                Err(error) => job.report(code, &error),
            }
        }
        count
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
