//! A little patience, then the result.
//!
//! Whoever waits for a slow flag wants to hear that it is on its way. So when the result
//! is not there after 100 ms, the program is to say `not there yet`, and to go on waiting
//! for it. For a flag that is there sooner nothing is said, and nobody waits any longer.
//! Now the work is submitted once more whenever the time is up, as if that had ended it,
//! and the program never gets a result. Submit it once: 1 request, 1 flag.
//!
//! Now: 3 requests came, and it should be 1: the work goes on when the time is up.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{FutureError, ThreadPoolExecutor};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 1, concurrency: 1 };

const PATIENCE: Duration = Duration::from_millis(100);

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
    for (code, flag) in job.codes().zip(job.flags().map(Arc::new)) {
        for _ in 0..3 {
            let (agent, flag) = (agent.clone(), Arc::clone(&flag));
            let future = executor.submit(move || download_one(&agent, &flag));
            match future.result_timeout(PATIENCE) {
                Ok(Ok(())) => count += 1,
                Err(FutureError::TimedOut) => {
                    job.println("not there yet");
                    continue;
                }
                Ok(Err(error)) => job.report(code, &error),
                Err(panicked) => job.report(code, &panicked),
            }
            break;
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
