//! Wrong: an array of plain values is copied into `drop`. The one that was painted stays.
//!
//! Told: The future has … bytes, and it should have fewer than 1024.

use std::time::Duration;

use exercises::observe::future::{measured, paint};
use flags_common::clients::reqwest::event_loop;
use tokio::time::sleep;

const PIXELS: usize = 8192;

/// Counts the red pixels of a picture.
async fn count_red() -> usize {
    let mut picture = [false; PIXELS];
    paint(&mut picture);
    let red = picture.iter().filter(|is_red| **is_red).count();
    #[expect(dropping_copy_types, reason = "wrong on purpose")]
    drop(picture);
    wait_for_turn().await;
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
