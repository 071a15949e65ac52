//! Wrong: each thread holds the lock of the queue while it computes, as if there were a
//! GIL.
//!
//! Told: Hashes that were being computed at one time: 1 at most. It should be …: one for
//! each core.

use std::sync::Mutex;
use std::thread;

use exercises::observe;

const HASHES: u16 = 12;

fn main() {
    let queue = Mutex::new(0..HASHES);
    thread::scope(|scope| {
        for _ in 0..observe::cores() {
            scope.spawn(|| {
                let mut queue = queue.lock().expect("nothing panics under this lock");
                for salt in queue.by_ref() {
                    println!("{}", observe::hash(salt));
                }
            });
        }
    });
}
