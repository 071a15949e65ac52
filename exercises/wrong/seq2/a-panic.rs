//! Wrong: it panics at the error, as if the error were a mistake in the program.
//!
//! Told: It stopped by a panic. An error of the site is no mistake in the program: report
//! it as before, and leave the loop.

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
    let agent = ureq_agent(job);
    let results = job.flags().map(|flag| download_one(&agent, &flag));
    results.map(|result| result.expect("a flag")).count()
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
