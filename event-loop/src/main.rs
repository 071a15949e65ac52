//! Downloads flags on an event loop made by hand, which `-v` shows at work. tokio's loop
//! has more, and reqwest adds https, redirects, proxies, and connections used again.
//!
//! ```text
//! $ cargo run -p event-loop
//! BR US TR RU IN PK NG EG CD IR VN MX FR BD JP ID ET CN DE PH
//! 20 flags downloaded in 1.31s
//! ```
//!
//! [Its chapter and its siblings](../flags_common/index.html#chapters).

use std::process::ExitCode;

use event_loop::{Client, event_loop, spawn_blocking};
use flags_common::clients::hyper::read_image;
use flags_common::{CountryCode, Flag, FlagError, Job, save_flag, show};
use tokio::sync::Semaphore;

const CONCURRENCY: usize = 1000;

/// Downloads the image of one flag.
async fn get_flag(client: &Client<'_>, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).await?;
    read_image(flag, response).await
}

/// Downloads one flag, saves it and shows its code.
async fn download_one(client: &Client<'_>, flag: Flag) -> Result<CountryCode, FlagError> {
    let image = get_flag(client, &flag).await?;
    // A disk would block the loop. `??`: the saving thread may panic, or saving fail.
    let flag = spawn_blocking(move || save_flag(&flag, &image).map(|()| flag)).await??;
    show(&flag);
    Ok(flag.code())
}

/// Downloads all flags, and returns how many it got.
fn download_many(job: &Job) -> usize {
    let event_loop = event_loop(job);
    let client = Client::new(&event_loop, job);
    let limit = Semaphore::new(job.concurrency());
    // A task each, and they may borrow all the same: they live no longer than `run`.
    let downloads = job.flags().map(async |flag| {
        let _permit = limit.acquire().await.expect("nobody closes this semaphore");
        download_one(&client, flag).await
    });
    let results = event_loop.run(downloads);
    let mut count = 0;
    for (code, result) in job.codes().zip(results) {
        match result {
            Ok(_) => count += 1,
            Err(error) => job.report(code, &error),
        }
    }
    count
}

fn main() -> ExitCode {
    flags_common::main_with_steps(download_many, CONCURRENCY)
}
