//! `spawn_blocking` hands a hash to a thread of tokio's own, and returns a future. So the
//! loop has something to wait for, and while it waits the heart can beat.

use exercises::observe;
use futures::future::join_all;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

const HASHES: u16 = 4;

async fn compute() {
    let hashes = (0..HASHES).map(|salt| spawn_blocking(move || observe::hash(salt)));
    for line in join_all(hashes).await {
        println!("{}", line.expect("to compute a hash does not panic"));
    }
}

fn main() {
    let event_loop = Builder::new_current_thread().enable_time().build();
    let event_loop = event_loop.expect("the system has what a loop needs");
    event_loop.block_on(observe::beside_a_heartbeat(compute()));
}
