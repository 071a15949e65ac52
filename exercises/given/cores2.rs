//! Hashes beside a loop that stays alive.
//!
//! An event loop has two things to do: it computes four hashes, and its heart should beat
//! every 10 ms, which tells that it could answer somebody. But while a hash is computed,
//! it does not beat. Hand the hashes to threads, away from the loop, so that the heart
//! beats during each of them. The loop waits for all four.
//!
//! Now: During 4 of 4 hashes the heart did not beat, and the longest gap was … ms: the
//! loop was held up.

use exercises::observe;
use futures::future::join_all;
use tokio::runtime::Builder;

const HASHES: u16 = 4;

async fn compute() {
    let hashes = (0..HASHES).map(async |salt| observe::hash(salt));
    for line in join_all(hashes).await {
        println!("{line}");
    }
}

fn main() {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("the system has what a loop needs");
    event_loop.block_on(observe::beside_a_heartbeat(compute()));
}
