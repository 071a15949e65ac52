//! Predict four times.
//!
//! A site holds back each answer for 0.1 seconds. This pool downloads 20 flags from it,
//! four times: with 1, 5, 15 and 20 threads (`-m`). How many seconds does each run take,
//! from the first request to the last answer? Write your predictions into `PREDICTIONS`,
//! in place of the zeros, and leave the rest as it is. Each should be within 20 % of what
//! the run takes.
//!
//! Now: With -m 1, the run took longer than the 0 s that you predicted. It had 1 in
//! flight at most, and each answer was held back for 0.1 s.

use std::process::ExitCode;

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

/// For each number of threads, the seconds that the run takes.
const PREDICTIONS: [(usize, f64); 4] = [(1, 0.0), (5, 0.0), (15, 0.0), (20, 0.0)];

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
