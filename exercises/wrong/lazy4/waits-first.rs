//! Wrong: at the `.await` there is no picture, but only because there is none yet.
//!
//! Told: The future waited for its turn before the picture was painted. It should wait
//! after that.

use std::time::Duration;

use exercises::observe::future::{measured, paint};
use flags_common::clients::reqwest::event_loop;
use tokio::time::sleep;

const PIXELS: usize = 8192;

/// Counts the red pixels of a picture.
async fn count_red() -> usize {
    wait_for_turn().await;
    let mut picture = [false; PIXELS];
    paint(&mut picture);
    picture.iter().filter(|is_red| **is_red).count()
}

/// Stands for a lock or a permit that somebody else has at the moment.
async fn wait_for_turn() {
    sleep(Duration::from_millis(100)).await;
}

fn main() {
    let red = event_loop().block_on(measured(count_red()));
    println!("{red} of {PIXELS} pixels are red.");
}
