//! Wrong: the hashes are in threads, but `join` is no `.await`: the loop is blocked until
//! the thread has ended.
//!
//! Told: During 4 of 4 hashes the heart did not beat, and the longest gap was … ms: the
//! loop was held up.

use std::thread;

use exercises::observe;
use futures::future::join_all;
use tokio::runtime::Builder;

const HASHES: u16 = 4;

async fn compute() {
    let hashes = (0..HASHES).map(async |salt| {
        let thread = thread::spawn(move || observe::hash(salt));
        thread.join().expect("to compute a hash does not panic")
    });
    for line in join_all(hashes).await {
        println!("{line}");
    }
}

fn main() {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("the system has what a loop needs");
    event_loop.block_on(observe::beside_a_heartbeat(compute()));
}
