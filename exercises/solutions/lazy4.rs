//! The picture ends with its block, before the `.await`, so that the future needs no
//! place for it. Where it is needed afterwards, too, it can lie on the heap, in a `Vec`.

use std::time::Duration;

use exercises::observe::future::{measured, paint};
use flags_common::clients::reqwest::event_loop;
use tokio::time::sleep;

const PIXELS: usize = 8192;

/// Counts the red pixels of a picture.
async fn count_red() -> usize {
    let red = {
        let mut picture = [false; PIXELS];
        paint(&mut picture);
        picture.iter().filter(|is_red| **is_red).count()
    };
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
