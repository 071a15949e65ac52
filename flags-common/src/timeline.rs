//! When what happened to every flag, and what that says about the way of waiting.

use std::collections::HashSet;
use std::thread::ThreadId;
use std::time::Instant;

use crate::flag::Outcome;

/// The moments in the life of one flag that has ended. A moment that was not reached,
/// because of an error before it, is `None`.
#[derive(Debug, Clone)]
pub struct Stamps {
    /// How it ended.
    pub outcome: Outcome,
    /// When it was handed to the example.
    pub queued: Instant,
    /// When the example began to download it.
    pub started: Option<Instant>,
    /// The thread that began to download it.
    pub thread: Option<ThreadId>,
    /// When the status of the answer had arrived.
    pub first_byte: Option<Instant>,
    /// When the whole body had arrived.
    pub complete: Option<Instant>,
    /// When it was saved, or failed.
    pub ended: Instant,
}

/// The largest number of flags that were in flight at the same moment.
pub(crate) fn largest_in_flight(timeline: &[Stamps]) -> usize {
    let started = |stamps: &Stamps| stamps.started;
    let mut starts: Vec<_> = timeline.iter().filter_map(started).collect();
    let landed = |stamps: &Stamps| stamps.started.map(|_| stamps.ended);
    let mut ends: Vec<_> = timeline.iter().filter_map(landed).collect();
    starts.sort_unstable();
    ends.sort_unstable();
    // The number only grows at a start, so it is enough to look at those moments.
    let mut ended = 0;
    let mut largest = 0;
    for (started, &now) in (1_usize..).zip(&starts) {
        while ends.get(ended).is_some_and(|&end| end <= now) {
            ended += 1;
        }
        largest = largest.max(started.saturating_sub(ended));
    }
    largest
}

/// The number of threads that took a part in the downloading.
pub(crate) fn threads(timeline: &[Stamps]) -> usize {
    let threads: HashSet<_> =
        timeline.iter().filter_map(|stamps| stamps.thread).collect();
    threads.len()
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::countries::CountryCode;

    /// Flags in flight from the first to the second moment, in milliseconds.
    fn timeline(spans: &[(u64, u64)]) -> Vec<Stamps> {
        let zero = Instant::now();
        let at = |milliseconds| zero + Duration::from_millis(milliseconds);
        let stamps = |&(start, end)| Stamps {
            outcome: Outcome::Downloaded(CountryCode::new("BR").unwrap()),
            queued: zero,
            started: Some(at(start)),
            thread: Some(thread::current().id()),
            first_byte: None,
            complete: None,
            ended: at(end),
        };
        spans.iter().map(stamps).collect()
    }

    #[test]
    fn one_after_another_is_one_in_flight() {
        assert_eq!(largest_in_flight(&timeline(&[(0, 5), (5, 7), (7, 9)])), 1);
    }

    #[test]
    fn overlaps_add_up_whatever_the_order() {
        let spans = [(6, 9), (0, 10), (2, 4), (3, 7)];
        assert_eq!(largest_in_flight(&timeline(&spans)), 3);
    }

    #[test]
    fn nothing_in_flight_is_zero() {
        assert_eq!(largest_in_flight(&[]), 0);
    }
}
