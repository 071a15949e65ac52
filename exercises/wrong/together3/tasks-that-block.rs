//! Wrong: a task for each flag. They still have one thread together, and each holds it
//! until its answer is there.
//!
//! Told: It had 1 in flight at most, and it should be 10.

use std::process::ExitCode;

use flags_common::clients::reqwest::event_loop;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use futures::future::join_all;
use tokio::task::spawn_blocking;
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 10, concurrency: 1000 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(agent: Agent, flag: Flag) -> Result<(), FlagError> {
    let image = get_flag(&agent, &flag)?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let event_loop = event_loop();
    let tasks =
        job.flags().map(|flag| event_loop.spawn(download_one(agent.clone(), flag)));
    let tasks: Vec<_> = tasks.collect();
    let results = event_loop.block_on(join_all(tasks));
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
    flags_common::main_with(download_many, DEFAULTS)
}
