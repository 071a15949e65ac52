//! The checks, in a file for each chapter.

pub(crate) mod blocking;
pub(crate) mod callbacks;
pub(crate) mod cancel;
pub(crate) mod cores;
pub(crate) mod errors;
pub(crate) mod futures;
pub(crate) mod lazy;
pub(crate) mod polite;
pub(crate) mod pool;
pub(crate) mod seq;
pub(crate) mod spinner;
pub(crate) mod steps;
pub(crate) mod threads;
pub(crate) mod together;
pub(crate) mod ways;
pub(crate) mod what;

use std::io;
use std::time::Duration;

use flags_server::{Asked, Behaviour, Latency, WatchedServer};

use crate::sentence;
use crate::sentence::Sentence;

/// How long the sites of most checks wait before each answer: long enough that 20
/// requests are in flight together on a busy machine, and short enough for a reader who
/// waits.
const ANSWER: Duration = Duration::from_millis(200);

/// How long a program may run that hangs when it is wrong in the usual way: long enough
/// for a busy computer, or one that first looks for viruses in what was just built.
const PATIENCE: Duration = Duration::from_secs(6);

/// A site that answers each request after `delay`.
fn site_after(delay: Duration) -> Result<WatchedServer, Sentence> {
    site(move |_| after(delay))
}

/// A site that answers each request as `script` says.
fn site(
    script: impl Fn(&Asked) -> Behaviour + Send + Sync + 'static,
) -> Result<WatchedServer, Sentence> {
    started(WatchedServer::start_scripted(script))
}

/// A site, or why there is none.
fn started(site: io::Result<WatchedServer>) -> Result<WatchedServer, Sentence> {
    site.map_err(|error| {
        sentence!(
            "The site of the check cannot start: {error}.",
            "검사에 쓰는 사이트를 시작할 수 없습니다: {error}."
        )
    })
}

/// An answer after this time.
fn after(delay: Duration) -> Behaviour {
    answer(delay, false)
}

/// An answer after this time, which is an error or not.
fn answer(delay: Duration, is_error: bool) -> Behaviour {
    let error_rate = if is_error { 1.0 } else { 0.0 };
    Behaviour { latency: Latency::Fixed(delay), error_rate }
}
