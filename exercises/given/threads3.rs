//! The same without a lock.
//!
//! For a number there is something smaller than a mutex: an atomic. Each of its methods
//! reads or changes it in one step, which no other thread can interrupt. And yet this
//! total forgets as the one before did, for `load` and `store` are two steps. Let no byte
//! be lost, while all 20 threads wait for their flags at once, and no thread waits for a
//! lock. (An atomic in slow motion has each thread pause after `load`. Its other methods
//! are those of `std::sync::atomic::AtomicUsize`. Leave the total in it.)
//!
//! Now: It counted … bytes, and the 20 flags have ….

use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::thread;

use exercises::slow_motion::AtomicUsize;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use ureq::Agent;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and adds its bytes to the total.
fn download_one(
    agent: &Agent,
    flag: &Flag,
    total: &AtomicUsize,
) -> Result<(), FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    save_flag(flag, &image)?;
    show(flag);
    let before = total.load(Ordering::Relaxed);
    total.store(before + image.len(), Ordering::Relaxed);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = &ureq_agent(job);
    let total = &AtomicUsize::new(0);
    let count = thread::scope(|scope| {
        let start = |flag| scope.spawn(move || download_one(agent, &flag, total));
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
    });
    let total = total.load(Ordering::Relaxed);
    job.println(format_args!("{total} bytes"));
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
