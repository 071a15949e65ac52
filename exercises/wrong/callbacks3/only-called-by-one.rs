//! Wrong: one thread runs all callbacks, and 20 others wait for the answers as before.
//!
//! Told: 20 in flight at once, and it takes 20 threads. It should be one for all.

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

/// Has a flag downloaded, and the answer put into `answers`.
fn asynchronous_fetch(agent: &Agent, flag: Flag, answers: mpsc::Sender<(Flag, Answer)>) {
    let agent = agent.clone();
    thread::spawn(move || {
        let answer = get_flag(&agent, &flag);
        drop(answers.send((flag, answer)));
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
    let (sender, answers) = mpsc::channel();
    for flag in job.flags() {
        asynchronous_fetch(&agent, flag, sender.clone());
    }
    drop(sender);
    let mut count = 0;
    for (flag, answer) in answers {
        match take(&flag, answer) {
            Ok(()) => count += 1,
            Err(error) => job.report(flag.code(), &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main(download_many, CONCURRENCY)
}
