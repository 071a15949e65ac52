//! Wrong: it takes the time of a pool for the longest delay, however few threads it has.
//!
//! Told: With -m 1, the run took longer than the 0.1 s that you predicted. It had 1 in
//! flight at most, and each answer was held back for 0.1 s.

use std::process::ExitCode;

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

/// For each number of threads, the seconds that the run takes.
const PREDICTIONS: [(usize, f64); 4] = [(1, 0.1), (5, 0.1), (15, 0.1), (20, 0.1)];

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
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let results = executor.map(move |flag| download_one(&agent, &flag), job.flags());
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    for (threads, seconds) in PREDICTIONS {
        observe::seconds(&format!("predicted-for-{threads}"), seconds);
    }
    flags_common::main(download_many, CONCURRENCY)
}
