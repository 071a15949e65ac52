//! Async, and yet one after another.
//!
//! `download_one` is an `async fn`, and `join_all` polls the futures of all 10 flags. Yet
//! the site has never more than one request of this program in flight. Find out why.
//! Change it so that all 10 are in flight at once, and the one thread of the event loop
//! sends and awaits them all.
//!
//! Now: It had 1 in flight at most, and it should be 10.

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
    let image = get_flag(agent, &flag)?;
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
