//! How fast it can be.
//!
//! After a run we know how long each flag was waited for. From these waits and the number
//! of threads, `lower_bound` tells how long the run has to take at least. For one thread
//! it tells the sum of the waits, and for any other number the longest: that is true, but
//! with 3 or 5 threads more is certain. Let it tell as much as it can for any number, and
//! never more than a run takes. The check looks at ten runs with different delays, and 1,
//! 3, 5 or 20 threads.
//!
//! Now: With -m 3 and seed 1, … s at least is true, but you can say more: the waits were
//! … s together, and the longest … s.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const CONCURRENCY: usize = 30;

/// How long a run takes at least, with these waits and so many threads.
fn lower_bound(waits: &[Duration], threads: u32) -> Duration {
    let longest = waits.iter().copied().max().unwrap_or_default();
    if threads == 1 { waits.iter().sum() } else { longest }
}

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
    let began = Instant::now();
    let wait_for = move |flag| {
        let began = Instant::now();
        download_one(&agent, &flag).map(|()| began.elapsed())
    };
    let results = executor.map(wait_for, job.flags());
    let mut waits = Vec::new();
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(Ok(wait)) => waits.push(wait),
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    let took = began.elapsed();

    let threads = u32::try_from(job.concurrency()).expect("there are fewer flags");
    job.println(""); // The end of the line of codes.
    observe::seconds("at-least", lower_bound(&waits, threads).as_secs_f64());
    observe::seconds("took", took.as_secs_f64());
    waits.len()
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
