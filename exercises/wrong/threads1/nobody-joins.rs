//! Wrong: the scope waits for the threads, but nobody takes what they return.
//!
//! Told: 20 flags are saved, and it says: 0 flags downloaded in … A thread gives its
//! result to who joins it.

use std::process::ExitCode;
use std::thread;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use ureq::Agent;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and shows its code.
fn download_one(agent: &Agent, flag: &Flag) -> Result<(), FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    save_flag(flag, &image)?;
    show(flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = &ureq_agent(job);
    let count = 0;
    thread::scope(|scope| {
        for flag in job.flags() {
            scope.spawn(move || download_one(agent, &flag));
        }
    });
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
