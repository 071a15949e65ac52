//! Wrong: it stops at the error, and tells nobody about it.
//!
//! Told: It stopped at the error, but did not report it: nobody learns that the site has
//! answered with status 418.

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
    results.take_while(Result::is_ok).count()
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
