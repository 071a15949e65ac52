//! What can be seen of a future from outside: whom it wakes, how large it is, and how
//! often it is polled.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake};
use std::thread;
use std::time::Duration;

use tokio::time::sleep;

use super::{note, tell};

/// Polls `future` twice, each time with another waker, as when it has moved to another
/// task between the two. Then calls `event` in another thread. As soon as this has woken
/// somebody, or has ended, the future should be ready. Tells who was woken:
///
/// - `woken-too-early`: how often, before `event`.
/// - `woken`: `latest`, `first`, `both` or `nobody`, since then.
/// - `ready`: whether it is ready when it is polled then.
///
/// # Panics
///
/// When `event` does.
pub fn woken<E: FnOnce() + Send>(future: impl Future, event: E) {
    let [first, latest] = [(); 2].map(|()| Arc::new(Waits(AtomicUsize::new(0))));
    let times = |counter: &Waits| counter.0.swap(0, Ordering::Relaxed);
    let mut future = pin!(future);
    for counter in [&first, &latest] {
        let waker = Arc::clone(counter).into();
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            return tell("woken", "too-early-to-be-ready");
        }
    }
    tell("woken-too-early", times(&first) + times(&latest));
    let is_ready = thread::scope(|scope| {
        let thread = scope.spawn(event);
        let called =
            || [&first, &latest].map(|counter| counter.0.load(Ordering::Relaxed));
        while called() == [0, 0] && !thread.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        let waker = Arc::clone(&latest).into();
        future.poll(&mut Context::from_waker(&waker)).is_ready()
    });
    tell(
        "woken",
        match (times(&first), times(&latest)) {
            (0, 0) => "nobody",
            (_, 0) => "first",
            (0, _) => "latest",
            (_, _) => "both",
        },
    );
    tell("ready", is_ready);
}

/// Counts how often it was woken, and waits each time until somebody has polled again.
struct Waits(AtomicUsize);

impl Wake for Waits {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        thread::sleep(Duration::from_millis(100));
    }
}

/// Tells how many `bytes` a future has, and, when it has been awaited, by how many
/// `polls` it came to its end. Notes after which of them it was pending.
pub async fn measured<F: Future>(future: F) -> F::Output {
    tell("bytes", size_of::<F>());
    let mut future = pin!(future);
    let mut polls = 0;
    let output = poll_fn(|context| {
        polls += 1;
        let answer = future.as_mut().poll(context);
        if answer.is_pending() {
            note("pending", polls);
        }
        answer
    });
    let output = output.await;
    tell("polls", polls);
    output
}

/// Paints a picture, of which each pixel is red or not, with another chance in each run.
/// Notes for the check how many it has painted.
pub fn paint(picture: &mut [bool]) {
    let chance = RandomState::new();
    for (place, is_red) in picture.iter_mut().enumerate() {
        *is_red = chance.hash_one(place) % 3 == 0;
    }
    note("pixels", picture.len());
    note("red", picture.iter().filter(|is_red| **is_red).count());
}

/// Draws the page of a country, which needs to know `about` it. This takes a second, in
/// which the thread is free for others.
pub async fn draw_page(about: &[u8]) {
    sleep(PAGE).await;
    note("page", about.len());
}

/// How long it takes to draw a page.
pub(crate) const PAGE: Duration = Duration::from_secs(1);
