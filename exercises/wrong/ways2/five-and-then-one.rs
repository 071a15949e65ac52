//! Wrong: it downloads 5 flags at once, and all others one after another.
//!
//! Told: It had 5 in flight at most, but only … on average: let there be 5 for as long as
//! there are flags.

use std::process::ExitCode;
use std::thread::{self, ScopedJoinHandle};

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use ureq::Agent;

const CONCURRENCY: usize = 30;

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
    let flags: Vec<Flag> = job.flags().collect();
    let (first, others) = flags.split_at(5);
    let download = &|flag: &Flag| download_one(&agent, flag);
    let mut results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            first.iter().map(|flag| scope.spawn(move || download(flag))).collect();
        threads.into_iter().map(ScopedJoinHandle::join).collect()
    });
    results.extend(others.iter().map(|flag| Ok(download(flag))));
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &FutureError::from(panicked)),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
