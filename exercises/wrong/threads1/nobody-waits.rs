//! Wrong: without a scope nobody waits for the threads, which end with the program.
//!
//! Told: It says that 20 flags were downloaded, and 0 of them are saved. Does it end
//! before its threads do?

use std::process::ExitCode;
use std::sync::Arc;
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
    let agent = Arc::new(ureq_agent(job));
    let mut count = 0;
    for flag in job.flags() {
        let agent = Arc::clone(&agent);
        thread::spawn(move || download_one(&agent, &flag));
        count += 1;
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
