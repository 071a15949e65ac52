//! Wrong: it counts the threads that have not panicked, and not the flags.
//!
//! Told: With --limit 7 and an error in place of BR, 6 flags should be saved and counted.
//! Saved: 6, and it says: 7 flags downloaded in …s. Count the threads that have returned
//! Ok(()).

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
        let start = |flag| scope.spawn(move || download_one(agent, &flag));
        let threads: Vec<_> = job.flags().map(start).collect();
        let mut count = 0;
        for (code, thread) in job.codes().zip(threads) {
            match thread.join() {
                Ok(_) => count += 1,
                Err(panicked) => job.report(code, &FutureError::from(panicked)),
            }
        }
        count
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
