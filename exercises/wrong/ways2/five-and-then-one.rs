//! Wrong: it downloads 5 flags at once, and all others one after another.
//!
//! Told: It had 5 in flight at most, but only … on average: let there be 5 for as long as
//! there are flags.

use std::process::ExitCode;
use std::thread;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use ureq::Agent;

const CONCURRENCY: usize = 30;

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
    let flags: Vec<Flag> = job.flags().collect();
    let (first, others) = flags.split_at(5);
    let is_saved = &|flag: &Flag| download_one(&agent, flag).is_ok();
    let count = thread::scope(|scope| {
        let threads: Vec<_> =
            first.iter().map(|flag| scope.spawn(move || is_saved(flag))).collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .filter(|&is| is)
            .count()
    });
    count + others.iter().filter(|&flag| is_saved(flag)).count()
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
