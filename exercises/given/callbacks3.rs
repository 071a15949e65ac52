//! Callbacks, and a thread for each.
//!
//! `asynchronous_fetch` returns at once, and calls back when the answer is there. But for
//! each call it has a thread that waits, and saving threads is what callbacks are for.
//! Change it so that one thread sends all 20 requests, waits for all answers at once, and
//! runs all callbacks. `callback_thread` has to stay in the callback, to tell the check
//! which thread that is.
//!
//! Now: 20 in flight at once, and it takes 20 threads. It should be one for all.

use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;

use exercises::observe;
use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Flag, FlagError, Job, save_flag, show};
use ureq::Agent;

const CONCURRENCY: usize = 1000;

type Answer = Result<Vec<u8>, FlagError>;

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Answer {
    read_image(flag, agent.get(flag.url()).call()?)
}

/// Has a flag downloaded, and the answer handed to `callback`.
fn asynchronous_fetch(
    agent: &Agent,
    flag: Flag,
    callback: impl FnOnce(Flag, Answer) + Send + 'static,
) {
    let agent = agent.clone();
    thread::spawn(move || {
        let answer = get_flag(&agent, &flag);
        callback(flag, answer);
    });
}

/// Saves a flag and shows its code. This is the callback.
fn take(flag: &Flag, answer: Answer) -> Result<(), FlagError> {
    observe::callback_thread();
    save_flag(flag, &answer?)?;
    show(flag);
    Ok(())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let (sender, results) = mpsc::channel();
    for flag in job.flags() {
        let sender = sender.clone();
        asynchronous_fetch(&agent, flag, move |flag, answer| {
            drop(sender.send((flag.code(), take(&flag, answer))));
        });
    }
    drop(sender);
    let mut count = 0;
    for (code, result) in results {
        match result {
            Ok(()) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
