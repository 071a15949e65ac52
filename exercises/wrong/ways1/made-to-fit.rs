//! Wrong: the predictions come true, since the pool has one thread whatever is asked for.
//!
//! Told: With -m 5, it had 1 in flight at most: leave the pool as it is, and change only
//! the predictions.

use std::process::ExitCode;

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

/// For each number of threads, the seconds that the run takes.
const PREDICTIONS: [(usize, f64); 4] = [(1, 2.0), (5, 2.0), (15, 2.0), (20, 2.0)];

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
    let executor = ThreadPoolExecutor::new(1);
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
