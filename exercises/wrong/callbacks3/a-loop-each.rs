//! Wrong: the client is asynchronous now, but each call has still a thread, with a loop
//! of its own for one request.
//!
//! Told: 20 in flight at once, and it takes 20 threads. It should be one for all.

use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use exercises::observe;
use flags_common::clients::reqwest::{event_loop, read_image, reqwest_client};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use reqwest::Client;

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
    thread::spawn(move || {
        let answer = event_loop().block_on(get_flag(&client, &flag));
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
    let (sender, results) = mpsc::channel();
    for flag in job.flags() {
        let sender = sender.clone();
        asynchronous_fetch(&client, flag, move |flag, answer| {
            drop(sender.send((flag.code(), take(&flag, answer))));
        });
    }
    drop(sender);
    let mut count = 0;
    for (code, result) in results {
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
