//! Wrong: it asks for one flag, and shows the codes of all.
//!
//! Told: It ended with status 1 instead of 0, and said: 19 errors

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
    let mut has_one = false;
    for (code, flag) in job.codes().zip(job.flags()) {
        if has_one {
            show(&flag);
            continue;
        }
        match download_one(&agent, &flag) {
            Ok(()) => has_one = true,
            Err(error) => job.report(code, &error),
        }
    }
    job.codes().count()
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
