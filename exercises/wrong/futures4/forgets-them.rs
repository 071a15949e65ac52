//! Wrong: it throws the futures away. The work is done all the same.
//!
//! Told: 8 requests came, and it should be 3.

use std::collections::HashMap;
use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{Future, ThreadPoolExecutor, as_completed};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 8, concurrency: 3 };

/// Downloads one flag, saves it and shows its code.
fn download_one(agent: &Agent, flag: &Flag) -> Result<(), FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    save_flag(flag, &image)?;
    show(flag);
    Ok(())
}

/// Downloads what begins at once, cancels the rest, and returns how many flags it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let (mut futures, mut codes, mut count) = (Vec::new(), HashMap::new(), 0);
    for flag in job.flags() {
        let (agent, code) = (agent.clone(), flag.code());
        let future = executor.submit(move || download_one(&agent, &flag));
        codes.insert(future.id(), code);
        futures.push(future);
    }
    futures.retain(Future::running);
    for future in as_completed(futures) {
        match future.result() {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(codes[&future.id()], &error),
            Err(cancelled) => job.report(codes[&future.id()], &cancelled),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
