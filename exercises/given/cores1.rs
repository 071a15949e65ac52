//! Hashes on all cores.
//!
//! Twelve hashes are computed one after another, by one core, while the others have
//! nothing to do. Compute them in threads, as many as `observe::cores()` says, so that
//! this many are always being computed at one time. Each of the 12 is computed once.
//!
//! Now: Hashes that were being computed at one time: 1 at most. It should be …: one for
//! each core.

use exercises::observe;

const HASHES: u16 = 12;

fn main() {
    for salt in 0..HASHES {
        println!("{}", observe::hash(salt));
    }
}
