//! Wrong: it is patient enough for the flag, and so it never says anything.
//!
//! Told: `not there yet` was not said before the flag was there, though that took half a
//! second.

use std::process::ExitCode;
use std::time::Duration;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{FutureError, ThreadPoolExecutor};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 1, concurrency: 1 };

const PATIENCE: Duration = Duration::from_secs(10);

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
    let mut count = 0;
    for (code, flag) in job.codes().zip(job.flags()) {
        let agent = agent.clone();
        let future = executor.submit(move || download_one(&agent, &flag));
        let mut result = future.result_timeout(PATIENCE);
        if let Err(FutureError::TimedOut) = result {
            job.println("not there yet");
            result = future.result();
        }
        match result {
            Ok(Ok(())) => count += 1,
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
