//! Downloads flags with a pool of threads, each of which waits for one flag at a time.
//!
//! ```text
//! $ cargo run -p flags-threadpool
//! TR IN US CD FR DE CN PH NG VN JP PK ID EG BD MX RU ET BR IR
//! 20 flags downloaded in 1.33s
//! ```
//!
//! [Its chapter and its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

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
    let executor = ThreadPoolExecutor::new(job.concurrency());
    // Threads begin here; `move`, because they may outlive this function. They show flags
    // as they come, but the loop takes the results in the order of the flags.
    let results = executor.map(move |flag| download_one(&agent, &flag), job.flags());
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(_)) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
