//! Downloads flags one after another, and waits for each before it asks for the next.
//!
//! ```text
//! $ cargo run -p flags-seq
//! BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN
//! 20 flags downloaded in 7.22s
//! ```

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, Outcome, save_flag};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 20, concurrency: 1, max: 1 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag and saves it.
fn download_one(agent: &Agent, flag: Flag) -> Outcome {
    flag.start();
    match get_flag(agent, &flag) {
        Ok(image) => save_flag(flag, &image),
        Err(error) => flag.fail(error),
    }
}

/// Downloads all flags.
fn download_many(job: &Job) {
    let agent = ureq_agent(job);
    for flag in job.flags() {
        download_one(&agent, flag);
    }
}

fn main() -> ExitCode {
    flags_common::main(download_many, DEFAULTS)
}
