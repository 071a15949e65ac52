//! Downloads flags with a pool of threads, each of which waits for one flag at a time.
//!
//! ```text
//! $ cargo run -p flags-threadpool
//! RU PH MX CD ET BD NG VN JP BR IR DE US CN PK EG IN ID FR TR
//! 20 flags downloaded in 1.30s
//! ```

use std::process::ExitCode;

use flags_common::clients::ureq::{read_image, ureq_agent};
use flags_common::{Defaults, Flag, FlagError, Job, Outcome, save_flag};
use flags_threadpool::executor::ThreadPoolExecutor;
use ureq::Agent;

const DEFAULTS: Defaults = Defaults { flags: 20, concurrency: 30, max: 1000 };

/// Downloads the image of one flag.
fn get_flag(agent: &Agent, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = agent.get(flag.url()).call()?;
    read_image(flag, response)
}

/// Downloads one flag and saves it.
fn download_one(agent: &Agent, flag: Flag) -> Outcome {
    flag.start();
    match get_flag(agent, &flag) {
        Ok(image) => save_flag(flag, &image),
        Err(error) => flag.fail(error),
    }
}

/// Downloads all flags.
fn download_many(job: &Job) {
    let agent = ureq_agent(job);
    let executor = ThreadPoolExecutor::new(job.concurrency());
    executor.map(move |flag| download_one(&agent, flag), job.flags()).for_each(drop);
}

fn main() -> ExitCode {
    flags_common::main(download_many, DEFAULTS)
}
