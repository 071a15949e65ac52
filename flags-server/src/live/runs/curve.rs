//! How many requests of a run were in flight, over the time of the run.

use std::time::Duration;

/// Into how many pieces the time of a run is divided at most, so that with its end the
/// curve has no more than 500 points.
const PIECES: usize = 499;
/// How long a piece is at first. It grows with the run.
const SHORTEST: Duration = Duration::from_millis(1);

/// A curve that takes no more memory however long the run is: where it would need more
/// pieces than there may be, two and two become one, which is then twice as long.
///
/// Of each piece the largest number is kept, so that a peak stays where it was.
#[derive(Debug)]
pub(super) struct Curve {
    length: Duration,
    pieces: Vec<u32>,
    in_flight: u32,
    last: Duration,
}

impl Curve {
    pub(super) fn new() -> Self {
        Self { length: SHORTEST, pieces: Vec::new(), in_flight: 0, last: Duration::ZERO }
    }

    /// Notes the number in flight from this time since the start of the run on.
    pub(super) fn note(&mut self, in_flight: u64, time: Duration) {
        while self.piece_at(time) >= PIECES {
            self.length *= 2;
            let pairs = self.pieces.chunks(2);
            self.pieces = pairs.map(|pair| *pair.iter().max().unwrap_or(&0)).collect();
        }
        let piece = self.piece_at(time);
        if self.pieces.len() <= piece {
            // Up to now it was what it was before.
            self.pieces.resize(piece + 1, self.in_flight);
        }
        self.in_flight = u32::try_from(in_flight).unwrap_or(u32::MAX);
        self.pieces[piece] = self.pieces[piece].max(self.in_flight);
        self.last = time;
    }

    /// The points at which the number changes, and the last one that was noted.
    pub(super) fn points(&self) -> Vec<(Duration, u32)> {
        let mut points = Vec::new();
        let mut before = None;
        for (piece, &number) in (0..).zip(&self.pieces) {
            if before.replace(number) != Some(number) {
                points.push((self.length * piece, number));
            }
        }
        points.push((self.last, self.in_flight));
        points
    }

    fn piece_at(&self, time: Duration) -> usize {
        let piece = time.as_nanos() / self.length.as_nanos();
        usize::try_from(piece).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// The number that the curve shows at a time.
    fn at(points: &[(Duration, u32)], time: Duration) -> u32 {
        points.iter().take_while(|(start, _)| *start <= time).last().unwrap().1
    }

    #[test]
    fn a_short_run_is_told_as_it_was() {
        let mut curve = Curve::new();
        for (time, in_flight) in [(0, 1), (0, 2), (3, 3), (10, 2), (20, 1), (20, 0)] {
            curve.note(in_flight, milliseconds(time));
        }
        let points = curve.points();
        let told: Vec<_> =
            points.iter().map(|(time, number)| (time.as_millis(), *number)).collect();
        // In the piece of the last moment there were two at first.
        assert_eq!(told, [(0, 2), (3, 3), (11, 2), (20, 0)]);
    }

    #[test]
    fn a_long_run_has_no_more_points_and_keeps_its_peaks() {
        let mut curve = Curve::new();
        for second in 0..100_000 {
            let peak = if second == 77_777 { 30 } else { 20 };
            curve.note(peak, milliseconds(second * 1000));
            curve.note(second % 7, milliseconds(second * 1000 + 500));
        }
        let points = curve.points();
        assert!(points.len() <= 500, "{}", points.len());
        assert!(curve.pieces.capacity() <= 1024, "{}", curve.pieces.capacity());
        assert!(points.is_sorted_by_key(|(time, _)| *time));
        assert_eq!(at(&points, milliseconds(77_777_000)), 30);
        assert_eq!(points.iter().filter(|(_, number)| *number == 30).count(), 1);
        assert_eq!(points.last(), Some(&(milliseconds(99_999_500), 99_999 % 7)));
    }

    #[test]
    fn while_nothing_happens_the_number_stays() {
        let mut curve = Curve::new();
        curve.note(5, Duration::ZERO);
        curve.note(4, milliseconds(60_000));
        for time in [0, 1, 1000, 59_000] {
            assert_eq!(at(&curve.points(), milliseconds(time)), 5, "{time}");
        }
        assert_eq!(at(&curve.points(), milliseconds(60_000)), 4);
    }
}
