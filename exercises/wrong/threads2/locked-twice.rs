//! Wrong: the first guard is still there when the same thread locks again, and waits for
//! itself.
//!
//! Told: It was still running after 6 s, and has been stopped. What does it wait for?

use std::process::ExitCode;
use std::thread;

use exercises::slow_motion::Mutex;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::FutureError;
use ureq::Agent;

const CONCURRENCY: usize = 1000;

/// Downloads one flag, saves it and adds its bytes to the total.
fn download_one(
    agent: &Agent,
    flag: &Flag,
    total: &Mutex<usize>,
) -> Result<(), FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    save_flag(flag, &image)?;
    show(flag);
    let before = total.lock().expect("no thread panics with the lock");
    *total.lock().expect("no thread panics with the lock") = *before + image.len();
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = &ureq_agent(job);
    let total = &Mutex::new(0);
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
    let total = total.lock().expect("no thread panics with the lock");
    job.println(format_args!("{total} bytes"));
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
