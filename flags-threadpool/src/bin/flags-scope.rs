//! Downloads flags with a thread for each of them, all of which borrow the same client.
//!
//! ```text
//! $ cargo run -p flags-threadpool --bin flags-scope -- -v
//! …
//! At most 20 in flight at once, on 20 threads.
//! ```

use std::{collections::VecDeque, process::ExitCode, thread};

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use ureq::Agent;

const CONCURRENCY: usize = 1000;

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag, saves it and shows its code.
fn download_one(agent: &Agent, flag: &Flag) -> Result<CountryCode, FlagError> {
    let image = get_flag(agent, flag)?;
    save_flag(flag, &image)?;
    show(flag);
    Ok(flag.code())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = &ureq_agent(job);
    // All threads end before `scope` does: they may borrow the client, as a pool's may
    // not. `move` gives each its flag: without that word see `ownership.rs`.
    thread::scope(|scope| {
        let mut to_start = job.flags().map(|flag| {
            let code = flag.code();
            (code, scope.spawn(move || download_one(agent, &flag)))
        });
        let mut running: VecDeque<_> =
            to_start.by_ref().take(job.concurrency()).collect();
        let mut count = 0;
        while let Some((code, thread)) = running.pop_front() {
            match thread.join() {
                Ok(Ok(_)) => count += 1,
                Ok(Err(error)) => job.report(code, &error),
                Err(panicked) => job.report(code, &FutureError::from(panicked)),
            }
            // Only now is the next one started, though the oldest may be the last to end.
            running.extend(to_start.next());
        }
        count
    })
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
