//! Wrong: it submits, but then takes the results in the order of the submits, as `map`
//! does.
//!
//! Told: The metadata of BR was asked for when 5 of 5 flags had been answered, and it
//! should be that of IN, after the first answer.

use std::process::ExitCode;

use flags_common::clients::ureq::{read_body, read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::ThreadPoolExecutor;
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 5, concurrency: 5 };

/// Downloads one flag, saves it and shows its code. Returns where it came from.
fn download_one(agent: &Agent, flag: &Flag) -> Result<String, FlagError> {
    let response = agent.get(flag.url()).call()?;
    let image = read_image(flag, response)?;
    save_flag(flag, &image)?;
    show(flag);
    Ok(flag.url().to_owned())
}

/// Asks for the metadata that lies beside a flag.
fn metadata(agent: &Agent, url: &str) -> Result<String, FlagError> {
    let (folder, _) = url.rsplit_once('/').expect("it is the URL of a flag");
    let response = agent.get(format!("{folder}/metadata.json")).call()?;
    Ok(String::from_utf8_lossy(&read_body(response)?).into_owned())
}

/// Downloads all flags, names the first, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let submit = |flag: Flag| {
        let agent = agent.clone();
        executor.submit(move || download_one(&agent, &flag))
    };
    let futures: Vec<_> = job.flags().map(submit).collect();
    let mut count = 0;
    for (code, future) in job.codes().zip(futures) {
        match future.result() {
            Ok(Ok(url)) => {
                if count == 0 {
                    job.println(format_args!("The winner: {:?}", metadata(&agent, &url)));
                }
                count += 1;
            }
            Ok(Err(error)) => job.report(code, &error),
            Err(panicked) => job.report(code, &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
