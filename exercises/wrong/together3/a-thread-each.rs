//! Wrong: a thread for each flag is what the event loop was to do without.
//!
//! Told: 10 in flight at once, and 10 threads have sent them. It should be the one thread
//! of the event loop.

use std::process::ExitCode;
use std::thread;

use flags_common::clients::reqwest::event_loop;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use tokio::task::spawn_blocking;
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 10, concurrency: 1000 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(agent: &Agent, flag: Flag) -> Result<(), FlagError> {
    let image = get_flag(agent, &flag)?;
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    thread::scope(|scope| {
        let downloads = job.flags().map(|flag| {
            scope.spawn(|| event_loop().block_on(download_one(&agent, flag)))
        });
        let downloads: Vec<_> = downloads.collect();
        let mut count = 0;
        for (code, download) in job.codes().zip(downloads) {
            match download.join() {
                Ok(Ok(())) => count += 1,
                Ok(Err(error)) => job.report(code, &error),
                Err(panicked) => job.report(code, &FutureError::from(panicked)),
            }
        }
        count
    })
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
