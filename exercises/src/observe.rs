//! What an exercise calls so that the check can see what no site sees: how often a future
//! is polled, how large it is, or what the reader has predicted.
//!
//! What is measured here is handed to the check. Where there is none, because the program
//! was started by hand, it is printed.

pub(crate) mod calls;
mod cases;
pub mod future;
mod hashes;
mod pool;
mod reading;
pub(crate) mod slow_disk;
pub mod spinner;
pub mod steps;

use std::env;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake};
use std::thread;

pub use self::calls::{call, callback_thread};
pub use self::cases::{Take, decisions};
pub use self::hashes::{beside_a_heartbeat, cores, hash};
pub use self::pool::{Work, pool};
pub use self::reading::reading;
pub use self::slow_disk::save_on_slow_disk;

/// The variable with the path of the file to which facts are added.
pub(crate) const FACTS: &str = "EXERCISE_FACTS";

/// Tells the check a fact: a name without spaces, and what was measured. Where there is
/// no check, it is printed.
fn tell(name: &str, value: impl Display) {
    if !note(name, &value) {
        println!("{name}: {value}");
    }
}

/// The same, and nothing is printed where there is no check: for what the reader sees
/// anyway. Whether there is a check.
pub(crate) fn note(name: &str, value: impl Display) -> bool {
    let Some(path) = env::var_os(FACTS) else { return false };
    // The check takes a fact that is missing for one that is not so. The line is written
    // at once: another thread may be telling something too.
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        let _ = file.write_all(format!("{name} {value}\n").as_bytes());
    }
    true
}

/// Tells in which thread it is called. `name` is that of the fact.
pub fn thread(name: &str) {
    tell(name, thread::current().name().unwrap_or("a thread without a name"));
}

/// Tells how much of what was predicted has come true: how many letters of the two texts
/// are the same, and how many there are. `name` is that of the fact.
pub fn prediction(name: &str, predicted: &str, seen: &str) {
    let same = predicted.chars().zip(seen.chars()).filter(|(one, other)| one == other);
    let letters = predicted.chars().count().max(seen.chars().count());
    tell(name, format_args!("{} of {letters}", same.count()));
}

/// Tells the check a number of seconds, such as a prediction.
pub fn seconds(name: &str, seconds: f64) {
    tell(name, format_args!("{seconds:.3}"));
}

/// Polls a future to its end as an event loop does, which polls again only what has woken
/// it, and tells how often that was.
///
/// `name` is that of the fact. It is `never` when the future is pending and has not woken
/// anybody, or after 1000 polls.
pub fn polls(name: &str, future: impl Future) {
    let count = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = Arc::clone(&count).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    for polls in 1..=1000 {
        if future.as_mut().poll(&mut context).is_ready() {
            return tell(name, polls);
        }
        if count.0.swap(0, Ordering::Relaxed) == 0 {
            break;
        }
    }
    tell(name, "never");
}

/// Counts how often it was woken.
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
