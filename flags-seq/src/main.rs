//! Downloads flags one after another, and waits for each before it asks for the next.
//!
//! ```text
//! $ cargo run -p flags-seq
//! BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN
//! 20 flags downloaded in 7.24s
//! ```
//!
//! [Its chapter and its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use ureq::Agent;

const CONCURRENCY: usize = 1;

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag, saves it and shows its code.
fn download_one(agent: &Agent, flag: &Flag) -> Result<CountryCode, FlagError> {
    let image = get_flag(agent, flag)?;
    save_flag(flag, &image)?;
    show(flag);
    Ok(flag.code())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    // Nothing is downloaded yet: each flag is when the loop below takes its result.
    let results = job.flags().map(|flag| download_one(&agent, &flag));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(_) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
