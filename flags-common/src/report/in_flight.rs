//! How many flags are in flight.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of flags in flight. Apart from the rest of the record, since every flag
/// writes here twice, and must not wait for the streams that others write to.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    now: AtomicUsize,
    largest: AtomicUsize,
}

impl InFlight {
    pub(crate) fn one_more(&self) {
        // The counts guard no other data, so they need no stronger ordering.
        let now = 1 + self.now.fetch_add(1, Ordering::Relaxed);
        self.largest.fetch_max(now, Ordering::Relaxed);
    }

    pub(crate) fn one_less(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    /// The largest number that was in flight at the same moment.
    pub(crate) fn largest(&self) -> usize {
        self.largest.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_in_flight_is_kept() {
        let in_flight = InFlight::default();
        for _ in 0..3 {
            in_flight.one_more();
        }
        in_flight.one_less();
        in_flight.one_less();
        in_flight.one_more();
        assert_eq!(in_flight.largest(), 3);
    }
}
