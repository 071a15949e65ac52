//! Wrong: there is one thread for all, but it waits for one answer at a time.
//!
//! Told: It had 1 in flight at most, and it should be 20.

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

/// What is asked for, and who gets the answer.
type Request = (Flag, Box<dyn FnOnce(Flag, Answer) + Send>);

/// Starts the thread that waits for all answers.
fn fetcher(agent: Agent) -> mpsc::Sender<Request> {
    let (sender, requests) = mpsc::channel::<Request>();
    thread::spawn(move || {
        for (flag, callback) in requests {
            let answer = get_flag(&agent, &flag);
            callback(flag, answer);
        }
    });
    sender
}

/// Has a flag downloaded, and the answer handed to `callback`.
fn asynchronous_fetch(
    fetcher: &mpsc::Sender<Request>,
    flag: Flag,
    callback: impl FnOnce(Flag, Answer) + Send + 'static,
) {
    drop(fetcher.send((flag, Box::new(callback))));
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
    let fetcher = fetcher(ureq_agent(job));
    let (sender, results) = mpsc::channel();
    for flag in job.flags() {
        let sender = sender.clone();
        asynchronous_fetch(&fetcher, flag, move |flag, answer| {
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
