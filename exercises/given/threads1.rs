//! Twenty threads, one at a time.
//!
//! This program starts a thread for each of 20 flags, and is no faster than one thread:
//! it joins each thread before it starts the next one. Change it so that all 20 are in
//! flight at once, and the flags are counted as before. Neither `Arc` nor `clone` is
//! needed for that, since no thread outlives the scope.
//!
//! Now: It had 1 in flight at most, and it should be 20.

use std::process::ExitCode;
use std::thread;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use ureq::Agent;

const CONCURRENCY: usize = 1000;

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
    let agent = &ureq_agent(job);
    thread::scope(|scope| {
        let mut count = 0;
        for (code, flag) in job.codes().zip(job.flags()) {
            let thread = scope.spawn(move || download_one(agent, &flag));
            match thread.join() {
                Ok(Ok(())) => count += 1,
                Ok(Err(error)) => job.report(code, &error),
                Err(panicked) => job.report(code, &FutureError::from(panicked)),
            }
        }
        count
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
