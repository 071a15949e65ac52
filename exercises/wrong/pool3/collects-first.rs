//! Wrong: it collects all that `as_completed` yields before it looks at the first.
//!
//! Told: The metadata of IN was asked for when 5 of 5 flags had been answered. It is the
//! right one, but it should come after the first answer.

use std::collections::HashMap;
use std::process::ExitCode;

use flags_common::clients::ureq::{read_body, read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{ThreadPoolExecutor, as_completed};
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
    let (mut futures, mut codes, mut count) = (Vec::new(), HashMap::new(), 0);
    for flag in job.flags() {
        let (agent, code) = (agent.clone(), flag.code());
        let future = executor.submit(move || download_one(&agent, &flag));
        codes.insert(future.id(), code);
        futures.push(future);
    }
    let completed: Vec<_> = as_completed(futures).collect();
    for future in completed {
        match future.result() {
            Ok(Ok(url)) => {
                if count == 0 {
                    job.println(format_args!("The winner: {:?}", metadata(&agent, &url)));
                }
                count += 1;
            }
            Ok(Err(error)) => job.report(codes[&future.id()], &error),
            Err(panicked) => job.report(codes[&future.id()], &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
