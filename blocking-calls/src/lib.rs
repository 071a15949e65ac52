//! What the four programs of this crate share: how they write figures, how much memory
//! they have, and whether they can have a thread.
//!
//! `blocking-calls` measures how long a program waits for memory, disk, network and a
//! mutex, `threads-vs-tasks` what it costs to let many wait at once, and `blocked-loop`
//! what happens to an event loop when one of its tasks waits the wrong way (*Fluent
//! Python*, 1st ed., section 18.3). `cpu-bound` has nothing to wait for: it measures what
//! threads gain there, and an event loop does not.
//!
//! [Its chapter](../../book/en/around-what-blocks.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

pub mod figures;
pub mod memory;

use std::io;
use std::thread;

/// Makes sure that the system has a thread left, for what panics when there is none.
///
/// # Errors
///
/// What the system says.
pub fn check_threads() -> io::Result<()> {
    match thread::Builder::new().spawn(|| {}).map(thread::JoinHandle::join) {
        Ok(_) => Ok(()),
        Err(cause) => {
            let text = format!("the system starts no more threads: {cause}");
            Err(io::Error::new(cause.kind(), text))
        }
    }
}
