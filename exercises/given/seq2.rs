//! Stop at the first error.
//!
//! One of the answers of this site is an error. The program reports it and goes on with
//! the next flag. But here, who goes on after an error is a nuisance to the site. Change
//! the program so that it reports the error as it does now, and asks for no flag after
//! that. What it has downloaded before stays saved. (`-s ERROR` is a site with errors on
//! which you can try it.)
//!
//! Now: The answer to request 8 was an error, and 12 more came after it. It should be 0.

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
    // Nothing is downloaded yet: each flag is when the loop below takes its result.
    let results = job.flags().map(|flag| download_one(&agent, &flag));
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
    flags_common::main(download_many, CONCURRENCY)
}
