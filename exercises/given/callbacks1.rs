//! Three in a row, by callbacks.
//!
//! Three flags are wanted in a row: CN is asked for when the answer for BR is there, and
//! FR when the answer for CN is. Each answer goes to `callback`. After one that is an
//! error nothing more is asked for. Yet `three_in_a_row` waits for nothing: it returns
//! before the first answer is there. As it stands, it asks for all three at once. Change
//! only this function, with a callback inside a callback.
//!
//! Now: 3 in flight at most. It should be 1: each flag is asked for when the answer
//! before it is there.

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
    callback: impl Fn(Answer) + Clone + Send + 'static,
) {
    for code in ["br", "cn", "fr"] {
        asynchronous_fetch(fetcher, &site.flag(code), callback.clone());
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
