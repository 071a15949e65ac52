//! Wrong: nothing is alive at an `.await` any more, because there is none.
//!
//! Told: The future was ready at its first poll. It should wait for its turn.

use std::time::Duration;

use exercises::observe::future::{measured, paint};
use flags_common::clients::reqwest::event_loop;
use tokio::time::sleep;

const PIXELS: usize = 8192;

/// Counts the red pixels of a picture.
#[expect(clippy::unused_async, reason = "wrong on purpose")]
async fn count_red() -> usize {
    let mut picture = [false; PIXELS];
    paint(&mut picture);
    let red = picture.iter().filter(|is_red| **is_red).count();
    drop(wait_for_turn());
    red
}

/// Stands for a lock or a permit that somebody else has at the moment.
async fn wait_for_turn() {
    sleep(Duration::from_millis(100)).await;
}

fn main() {
    let red = event_loop().block_on(measured(count_red()));
    println!("{red} of {PIXELS} pixels are red.");
}
