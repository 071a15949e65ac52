//! What computes and waits for nothing, and the heartbeat of an event loop beside it.

use std::convert::Infallible;
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures::future::{Either, select};
use tokio::time::sleep;

use super::note;

/// How hard bcrypt works: some 60 ms for a hash.
const COST: u32 = 10;

/// How often the heart beats of a loop that is not held up.
const BEAT: Duration = Duration::from_millis(10);

// They are only counts, so that `Relaxed` is enough.
static COMPUTING: AtomicUsize = AtomicUsize::new(0);
static BEATS: AtomicUsize = AtomicUsize::new(0);

/// Computes a hash with bcrypt, which takes a while and waits for nothing. Returns a line
/// about it, to be printed.
///
/// The fact `hash` has the salt, when it began and ended in microseconds of the clock on
/// the wall, how many hashes were being computed then, and how often the heart of
/// [`beside_a_heartbeat`] has beaten meanwhile.
pub fn hash(salt: u16) -> String {
    let at_once = COMPUTING.fetch_add(1, Ordering::Relaxed) + 1;
    let before = beats();
    let (began, start) = (microseconds(), Instant::now());
    let salt_bytes = u128::from(salt).to_be_bytes();
    black_box(bcrypt::bcrypt(COST, salt_bytes, b"correct horse battery staple"));
    let took = start.elapsed();
    let beats = beats() - before;
    COMPUTING.fetch_sub(1, Ordering::Relaxed);
    let ended = microseconds();
    note("hash", format_args!("{salt} {began} {ended} {at_once} {beats}"));
    let milliseconds = took.as_millis();
    format!("hash {salt}: {milliseconds} ms, {at_once} at one time when it began")
}

/// How many threads an exercise should have that computes: one for each core, but 2 at
/// least, since more than one is the point, and no more than 8.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from).clamp(2, 8)
}

/// Awaits `future`, and has a heart beating beside it in the same task: it beats every
/// 10 ms, for as long as the loop is not held up.
///
/// The fact `longest-gap` has the milliseconds between the two beats that were farthest
/// apart.
pub async fn beside_a_heartbeat<T>(future: impl Future<Output = T>) -> T {
    let mut heart = Heart { last: Instant::now(), longest_gap: Duration::ZERO };
    let result = {
        let heartbeat = pin!(heart.beat_for_ever());
        match select(pin!(future), heartbeat).await {
            Either::Left((result, _)) => result,
            Either::Right((never, _)) => match never {},
        }
    };
    heart.look();
    let longest_gap = format!("{} ms", heart.longest_gap.as_millis());
    if !note("longest-gap", &longest_gap) {
        // The line with the codes of the flags may not be at its end yet.
        println!("\nlongest-gap: {longest_gap}");
    }
    result
}

/// How often the heart of [`beside_a_heartbeat`] has beaten.
pub(super) fn beats() -> usize {
    BEATS.load(Ordering::Relaxed)
}

struct Heart {
    last: Instant,
    longest_gap: Duration,
}

impl Heart {
    async fn beat_for_ever(&mut self) -> Infallible {
        loop {
            sleep(BEAT).await;
            BEATS.fetch_add(1, Ordering::Relaxed);
            self.look();
        }
    }

    fn look(&mut self) {
        self.longest_gap = self.longest_gap.max(self.last.elapsed());
        self.last = Instant::now();
    }
}

fn microseconds() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros())
}
