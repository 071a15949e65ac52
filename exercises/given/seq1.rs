//! One connection for all.
//!
//! This program downloads 20 flags one after another. For each of them it makes a new
//! agent, and an agent uses again only the connections that it has opened itself. So the
//! site sees 20 connections. Change the program so that it sees 1, on which all 20 flags
//! come one after another.
//!
//! Now: The site saw 20 connections, and it should be 1.

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use ureq::Agent;

const CONCURRENCY: usize = 1;

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
    let mut count = 0;
    for (code, flag) in job.codes().zip(job.flags()) {
        let agent = ureq_agent(job);
        match download_one(&agent, &flag) {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
