//! Wrong: the order is right, but it is the caller who waits for each answer.
//!
//! Told: The call of `three_in_a_row` took … ms, in which it waited for answers. It
//! should return before the first one is there.

use std::error::Error;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use exercises::observe;
use exercises::site::Site;
use fetch_styles::Answer;
use fetch_styles::callback::asynchronous_fetch;
use fetch_styles::fetcher::Fetcher;
use fetch_styles::threads::Threads;
use flags_common::clients::reqwest::reqwest_client_for;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches the flags of BR, CN and FR, and hands each answer to the callback.
fn three_in_a_row(
    fetcher: &Fetcher,
    site: &Site,
    callback: impl Fn(Answer) + Send + 'static,
) {
    for code in ["br", "cn", "fr"] {
        let (sender, answers) = mpsc::channel();
        asynchronous_fetch(fetcher, &site.flag(code), move |answer| {
            drop(sender.send(answer));
        });
        let Ok(answer) = answers.recv() else { return };
        let goes_on = answer.is_ok();
        callback(answer);
        if !goes_on {
            return;
        }
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let site = Site::open()?;
    let client = reqwest_client_for(site.url(), TIMEOUT);
    let fetcher = Fetcher::start(client, &Threads::default())?;
    let (sender, answers) = mpsc::channel();
    let callback = move |answer| drop(sender.send(answer));
    observe::call("three_in_a_row", || three_in_a_row(&fetcher, &site, callback));
    let mut status = ExitCode::SUCCESS;
    for answer in answers {
        match answer {
            Ok(image) => println!("{} bytes", image.len()),
            Err(error) => {
                eprintln!("error: {error}");
                status = ExitCode::FAILURE;
            }
        }
    }
    Ok(status)
}
