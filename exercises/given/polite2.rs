//! As many as the site likes.
//!
//! With `-s OVERLOAD` the program asks a site that becomes slow when it has too much to
//! do at once. With few requests in flight it has nothing to do most of the time, and
//! with many it has so much to do with all of them that none is done. In between there is
//! a number with which 20 flags take the shortest time. Find it with `-m`, as in `cargo
//! run -p exercises --bin polite2 -- -s OVERLOAD -m 2`, and make it `CONCURRENCY`: it may
//! then take 1.4 times as long as with half of it or with twice as many, and no longer.
//! Whatever is given with `-m` still counts.
//!
//! Now: With … in flight it took …, and with … it was faster by far: …

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 20;

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
    flags_common::main(download_many, CONCURRENCY)
}
