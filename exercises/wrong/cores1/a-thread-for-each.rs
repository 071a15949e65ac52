//! Wrong: a thread for each hash, which take turns on the cores that there are.
//!
//! Told: Hashes that were being computed at one time: …. It should be …: more threads
//! than cores make nothing faster.

use std::thread;

use exercises::observe;

const HASHES: u16 = 12;

fn main() {
    thread::scope(|scope| {
        for salt in 0..HASHES {
            scope.spawn(move || println!("{}", observe::hash(salt)));
        }
    });
}
