//! Wrong: it says the right words, but whoever has a fast flag waits for 100 ms as well.
//!
//! Told: Each of 8 runs took 100 ms or more, though the site answered at once: a result
//! that is there need not be waited for.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
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
    for (code, flag) in job.codes().zip(job.flags()) {
        let agent = agent.clone();
        let future = executor.submit(move || download_one(&agent, &flag));
        thread::sleep(PATIENCE);
        if !future.done() {
            job.println("not there yet");
        }
        match future.result() {
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
