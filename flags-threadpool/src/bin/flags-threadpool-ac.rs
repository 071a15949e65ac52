//! Downloads five flags with three threads and shows the futures that stand for them:
//! three are running at once, two are pending, and each is finished in its own time.
//!
//! ```text
//! $ cargo run -p flags-threadpool --bin flags-threadpool-ac
//! Scheduled for BR: <Future state=running>
//! Scheduled for CN: <Future state=running>
//! Scheduled for ID: <Future state=running>
//! Scheduled for IN: <Future state=pending>
//! Scheduled for US: <Future state=pending>
//! BR <Future state=finished returned Outcome> result: Ok(Downloaded(BR))
//! …
//! 5 flags downloaded in 0.86s
//! ```

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, Outcome, save_flag};
use flags_threadpool::executor::{ThreadPoolExecutor, as_completed};
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 5, concurrency: 3, max: 1000 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag and saves it, which also shows its code.
fn download_one(agent: &Agent, flag: Flag) -> Outcome {
    flag.start();
    match get_flag(agent, &flag) {
        Ok(image) => save_flag(flag, &image),
        Err(error) => flag.fail(error),
    }
}

/// Downloads all flags, and takes their results in the order in which they come.
fn download_many(job: &Job) {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    let mut to_do = Vec::new();
    for flag in job.flags() {
        let code = flag.code();
        let agent = agent.clone();
        let future = executor.submit(move || download_one(&agent, flag));
        job.println(format!("Scheduled for {code}: {future}"));
        to_do.push(future);
    }
    for future in as_completed(to_do) {
        job.println(format!("{future} result: {:?}", future.result()));
    }
}

fn main() -> ExitCode {
    flags_common::main(download_many, DEFAULTS)
}
