//! The iterator is lazy: a flag is downloaded when the loop takes its result. So it is
//! enough to leave the loop, once the error has been reported.

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
            Err(error) => {
                job.report(code, &error);
                break;
            }
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
