//! All threads are started before the first of them is joined: `collect` is what asks the
//! lazy `map` for them. They borrow the agent, which outlives the scope.

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
