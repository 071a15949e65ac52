//! Wrong: there is a thread for each core, but only for its first hash.
//!
//! Told: After the first … hashes, … of … were begun when no other was being computed. It
//! should be … at one time, to the end.

use std::thread;

use exercises::observe;

const HASHES: u16 = 12;

fn main() {
    let mut salts = 0..HASHES;
    thread::scope(|scope| {
        for salt in salts.by_ref().take(observe::cores()) {
            scope.spawn(move || println!("{}", observe::hash(salt)));
        }
    });
    for salt in salts {
        println!("{}", observe::hash(salt));
    }
}
