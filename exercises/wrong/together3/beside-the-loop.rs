//! Wrong: the blocking calls are made beside the loop, where this loop has two threads.
//!
//! Told: It had 2 in flight at most, and it should be 10.

use std::process::ExitCode;

use flags_common::clients::reqwest::event_loop;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use tokio::task::spawn_blocking;
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 10, concurrency: 1000 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(agent: &Agent, flag: Flag) -> Result<(), FlagError> {
    let agent = agent.clone();
    let get = move || get_flag(&agent, &flag).map(|image| (flag, image));
    let (flag, image) = spawn_blocking(get).await??;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let downloads = job.flags().map(|flag| download_one(&agent, flag));
    let results = event_loop().block_on(join_all(downloads));
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
    flags_common::main_with(download_many, DEFAULTS)
}
