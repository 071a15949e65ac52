//! A smaller future.
//!
//! What is alive at an `.await` is kept in the future. `count_red` paints a picture,
//! counts its red pixels, waits for its turn, and returns the number. At the `.await` the
//! picture is not needed any more, but it is still there. So each of these futures has
//! more than 8192 bytes, and 10,000 of them, as many as there may be tasks, take 80 MB.
//! Make it smaller than 1024 bytes. The same number of pixels is to be painted and
//! counted, and `count_red` is still to wait for its turn after that.
//!
//! Now: The future has … bytes, and it should have fewer than 1024.

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
