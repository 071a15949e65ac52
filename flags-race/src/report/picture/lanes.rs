//! Which bars lie behind each other, and which below each other.

use std::collections::BTreeMap;

use crate::seen::Bar;

/// The waits of one lane, one after another.
pub(super) type Lane<'a> = Vec<Wait<'a>>;

/// The time in which a flag was waited for, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wait<'a> {
    pub(super) label: &'a str,
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) is_good: bool,
}

/// Lays the bars, which are in the order of their beginning, into lanes.
///
/// Where several threads wait, a lane is a thread. Where one thread waits for many flags,
/// or it is not known which one waits, it is a place that was free.
pub(super) fn lanes<'a>(bars: &'a [Bar], elapsed: f64) -> Vec<Lane<'a>> {
    let wait = |bar: &'a Bar| {
        let Bar { label, start, end, status, .. } = bar;
        // What was given up was waited for until the end, for all that is known.
        let end = end.unwrap_or(elapsed).max(*start);
        Wait { label, start: *start, end, is_good: *status == Some(200) }
    };
    let threads: Option<Vec<u32>> = bars.iter().map(|bar| bar.thread).collect();
    let mut by_thread: BTreeMap<u32, Lane> = BTreeMap::new();
    for (bar, thread) in bars.iter().zip(threads.unwrap_or_default()) {
        by_thread.entry(thread).or_default().push(wait(bar));
    }
    if by_thread.len() > 1 {
        return by_thread.into_values().collect();
    }
    let mut places: Vec<Lane> = Vec::new();
    for wait in bars.iter().map(wait) {
        let is_free =
            |lane: &&mut Lane| lane.last().is_none_or(|last| last.end <= wait.start);
        match places.iter_mut().find(is_free) {
            Some(lane) => lane.push(wait),
            None => places.push(vec![wait]),
        }
    }
    places
}

/// How many were waited for from each moment on at which that number changed.
pub(super) fn in_flight(lanes: &[Lane]) -> Vec<(f64, usize)> {
    let mut changes: Vec<(f64, isize)> = lanes
        .iter()
        .flatten()
        .flat_map(|wait| [(wait.start, 1), (wait.end, -1)])
        .collect();
    changes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut now = 0_usize;
    let mut steps: Vec<(f64, usize)> = Vec::new();
    for (moment, change) in changes {
        now = now.saturating_add_signed(change);
        match steps.last_mut().filter(|step| step.0 >= moment) {
            Some(step) => step.1 = now,
            None => steps.push((moment, now)),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(thread: Option<u32>, start: f64, end: f64) -> Bar {
        let (label, status) = ("BR".to_owned(), Some(200));
        Bar { label, start, end: Some(end), status, thread }
    }

    fn spans(bars: &[Bar]) -> Vec<Vec<(f64, f64)>> {
        let lanes = lanes(bars, 9.0);
        let spans =
            |lane: &Lane| lane.iter().map(|wait| (wait.start, wait.end)).collect();
        lanes.iter().map(spans).collect()
    }

    #[test]
    fn several_threads_have_a_lane_each() {
        let bars = [
            bar(Some(2), 0.0, 5.0),
            bar(Some(1), 0.0, 2.0),
            bar(Some(1), 3.0, 4.0),
            bar(Some(2), 6.0, 7.0),
        ];
        let expected = [[(0.0, 2.0), (3.0, 4.0)], [(0.0, 5.0), (6.0, 7.0)]];
        assert_eq!(spans(&bars), expected);
    }

    #[test]
    fn one_thread_has_as_many_lanes_as_it_waits_for_at_once() {
        for thread in [Some(1), None] {
            let times = [(0.0, 5.0), (1.0, 2.0), (2.0, 4.0), (3.0, 3.5), (5.0, 6.0)];
            let bars = times.map(|(start, end)| bar(thread, start, end));
            let expected = [
                vec![(0.0, 5.0), (5.0, 6.0)],
                vec![(1.0, 2.0), (2.0, 4.0)],
                vec![(3.0, 3.5)],
            ];
            assert_eq!(spans(&bars), expected);
        }
    }

    #[test]
    fn what_was_given_up_lasts_to_the_end_and_is_not_good() {
        let mut given_up = bar(None, 1.0, 2.0);
        (given_up.end, given_up.status) = (None, None);
        let bars = [given_up];
        let wait = lanes(&bars, 9.0)[0][0];
        assert_eq!((wait.start, wait.end, wait.is_good), (1.0, 9.0, false));
    }

    #[test]
    fn the_number_in_flight_changes_once_at_each_moment() {
        let times = [(0.0, 5.0), (0.0, 2.0), (2.0, 5.0)];
        let bars = times.map(|(start, end)| bar(None, start, end));
        assert_eq!(in_flight(&lanes(&bars, 5.0)), [(0.0, 2), (2.0, 2), (5.0, 0)]);
    }
}
