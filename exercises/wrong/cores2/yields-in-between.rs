//! Wrong: between two hashes the loop gets its thread back, but not during one.
//!
//! Told: During 4 of 4 hashes the heart did not beat, and the longest gap was … ms: the
//! loop was held up.

use std::time::Duration;

use exercises::observe;
use tokio::runtime::Builder;
use tokio::time::sleep;

const HASHES: u16 = 4;

async fn compute() {
    for salt in 0..HASHES {
        println!("{}", observe::hash(salt));
        sleep(Duration::from_millis(20)).await;
    }
}

fn main() {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("the system has what a loop needs");
    event_loop.block_on(observe::beside_a_heartbeat(compute()));
}
