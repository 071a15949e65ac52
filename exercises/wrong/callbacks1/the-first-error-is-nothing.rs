//! Wrong: the second step looks at its answer, and the first one does not.
//!
//! Told: The answer for BR was an error, and all the same CN was asked for.

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
    let (second, cn, fr) = (fetcher.clone(), site.flag("cn"), site.flag("fr"));
    asynchronous_fetch(fetcher, &site.flag("br"), move |answer| {
        callback(answer);
        let third = second.clone();
        asynchronous_fetch(&second, &cn, move |answer| {
            let goes_on = answer.is_ok();
            callback(answer);
            if goes_on {
                asynchronous_fetch(&third, &fr, callback);
            }
        });
    });
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
