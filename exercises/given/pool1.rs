//! Report what a job returned.
//!
//! A pool of 5 threads downloads 20 flags. The one of CN cannot be drawn: its work
//! panics. That should cost this one flag only. Instead the loop that takes the results
//! panics too, and with it the program ends. Change `download_many`: the other 19 flags
//! are saved, the panic is reported for CN, and the exit status is 1. The work itself
//! stays as it is.
//!
//! Now: The panic of CN ended the whole program, when … flags were saved. It should be
//! 19: whoever takes the results is not to panic as well.

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 5;

/// Downloads one flag, saves it and shows its code.
fn download_one(agent: &Agent, flag: &Flag) -> Result<(), FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    assert!(flag.code().to_string() != "CN", "there is no red left");
    save_flag(flag, &image)?;
    show(flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let results = executor.map(move |flag| download_one(&agent, &flag), job.flags());
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result.expect("no work panics") {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
