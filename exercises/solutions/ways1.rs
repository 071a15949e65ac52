//! While all delays are the same, the pool goes in rounds of as many flags as it has
//! threads: 20, 4, 2 and 1 of them, each as long as the delay. The second round of 15 is
//! not full, but takes as long as the first.

use std::process::ExitCode;

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

/// For each number of threads, the seconds that the run takes.
const PREDICTIONS: [(usize, f64); 4] = [(1, 2.0), (5, 0.4), (15, 0.2), (20, 0.1)];

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
