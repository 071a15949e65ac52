//! Downloads five flags with three threads and shows the futures that stand for them:
//! three run at first, two are pending. `show` prints a code, in a worker.
//!
//! ```text
//! $ cargo run -p flags-threadpool --bin flags-threadpool-ac
//! Scheduled for BR: <Future state=running>
//! Scheduled for CN: <Future state=running>
//! Scheduled for ID: <Future state=running>
//! Scheduled for IN: <Future state=pending>
//! Scheduled for US: <Future state=pending>
//! BR
//! <Future state=finished> result: Ok(Ok(BR))
//! …
//! 5 flags downloaded in 0.96s
//! ```

use std::collections::HashMap;
use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{CountryCode, Defaults, Flag, FlagError, Job, save_flag, show};
use flags_threadpool::{ThreadPoolExecutor, as_completed};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 5, concurrency: 3 };

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

/// Downloads all flags, takes them as they come, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let (mut to_do, mut codes, mut count) = (Vec::new(), HashMap::new(), 0);
    for flag in job.flags() {
        let code = flag.code();
        // Each closure owns a handle to the same connections; `map` shared one closure.
        let agent = agent.clone();
        let future = executor.submit(move || download_one(&agent, &flag));
        job.println(format_args!("Scheduled for {code}: {future}"));
        codes.insert(future.id(), code);
        to_do.push(future);
    }
    for future in as_completed(to_do) {
        let result = future.result();
        job.println(format_args!("{future} result: {result:?}"));
        match result {
            Ok(Ok(_)) => count += 1,
            Ok(Err(error)) => job.report(codes[&future.id()], &error),
            Err(panicked) => job.report(codes[&future.id()], &panicked),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with(download_many, DEFAULTS)
}
