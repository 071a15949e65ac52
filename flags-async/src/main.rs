//! Downloads flags on one thread, with an event loop that waits for all of them at once.
//!
//! ```text
//! $ cargo run -p flags-async
//! RU PH MX CD ET BD NG VN JP BR IR DE US CN PK EG IN ID FR TR
//! 20 flags downloaded in 1.30s
//! ```

use std::process::ExitCode;

use flags_common::clients::reqwest::{read_image, reqwest_client};
use flags_common::{Defaults, Flag, FlagError, Job, Outcome, save_flag};
use futures::future::join_all;
use reqwest::Client;
use tokio::{runtime::Builder, sync::Semaphore, task::spawn_blocking};

const DEFAULTS: Defaults = Defaults { flags: 20, concurrency: 1000, max: 1000 };

/// Downloads the image of one flag.
async fn get_flag(client: &Client, flag: &Flag) -> Result<Vec<u8>, FlagError> {
    let response = client.get(flag.url()).send().await?;
    read_image(flag, response).await
}

/// Downloads one flag and saves it.
async fn download_one(client: &Client, limit: &Semaphore, flag: Flag) -> Outcome {
    let _permit = limit.acquire().await.expect("nobody closes this semaphore");
    flag.start();
    match get_flag(client, &flag).await {
        // A disk cannot be waited for on the event loop, only on another thread.
        Ok(image) => spawn_blocking(move || save_flag(flag, &image))
            .await
            .expect("save_flag does not panic"),
        Err(error) => flag.fail(error),
    }
}

/// Downloads all flags.
fn download_many(job: &Job) {
    let client = reqwest_client(job);
    let limit = Semaphore::new(job.concurrency());
    let downloads = job.flags().map(|flag| download_one(&client, &limit, flag));
    // join_all keeps all futures, at 0.8 KB each; two threads do what has to block.
    let event_loop =
        Builder::new_current_thread().enable_all().max_blocking_threads(2).build();
    event_loop.expect("a descriptor is left for it").block_on(join_all(downloads));
}

fn main() -> ExitCode {
    flags_common::main(download_many, DEFAULTS)
}
