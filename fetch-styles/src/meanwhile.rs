//! What becomes of `main` between a call and its answer.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, yield_now};
use tokio::time::{MissedTickBehavior, interval};

/// How long the other work takes.
const OTHER_WORK: Duration = Duration::from_millis(200);
/// How long it takes to the next place where it lets the event loop do other tasks.
const PIECE: Duration = Duration::from_millis(1);

/// What a character of a bar stands for.
const CELL: Duration = Duration::from_millis(50);
/// The most that a bar may have.
const MOST_CELLS: u32 = 16;

/// Stands for work that `main` could do instead of waiting.
pub(crate) async fn other_work() {
    let start = Instant::now();
    while start.elapsed() < OTHER_WORK {
        // Work that never comes to such a place would hold the event loop all the time,
        // and a fetch that is a task of this loop would not even begin meanwhile.
        yield_now().await;
        // Holds the thread as computing does, and leaves the processor to the site.
        thread::sleep(PIECE);
    }
}

/// Notes when the event loop of `main` comes to do something else: a task of it that does
/// nothing but look at the clock.
pub(crate) struct Turns {
    task: JoinHandle<()>,
    turns: Receiver<Instant>,
}

impl Turns {
    pub(crate) fn watch() -> Self {
        let (sender, turns) = mpsc::channel();
        let task = tokio::spawn(async move {
            let mut clock = interval(PIECE);
            clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
            while sender.send(Instant::now()).is_ok() {
                clock.tick().await;
            }
        });
        Self { task, turns }
    }

    pub(crate) fn stop(self) -> Vec<Instant> {
        self.task.abort();
        self.turns.try_iter().collect()
    }
}

/// What `main` was at, and from when on.
pub(crate) struct Times {
    pub(crate) start: Instant,
    pub(crate) returned: Instant,
    pub(crate) worked: Instant,
    pub(crate) turns: Vec<Instant>,
    pub(crate) end: Instant,
}

impl Times {
    /// The longest time that either the call or taking the answer has held `main`.
    pub(crate) fn longest_hold(&self) -> Duration {
        let call = self.returned - self.start;
        self.holds().map(|(from, to)| to - from).fold(call, Duration::max)
    }

    /// While the answer was taken, the times in which the event loop did nothing else.
    fn holds(&self) -> impl Iterator<Item = (Instant, Instant)> {
        let turns = self.turns.iter().copied();
        let while_taking =
            move || turns.clone().filter(|&turn| self.worked < turn && turn < self.end);
        let starts = [self.worked].into_iter().chain(while_taking());
        starts.zip(while_taking().chain([self.end]))
    }

    /// Each character is what `main` was at in the middle of its time.
    pub(crate) fn bar(&self) -> String {
        let at = |cell| {
            let middle = self.start + CELL * cell + CELL / 2;
            if middle < self.returned || self.is_long_hold(middle) {
                '#'
            } else if middle < self.worked {
                '='
            } else {
                '.'
            }
        };
        let cells = (0..MOST_CELLS)
            .take_while(|cell| self.start + CELL * *cell + CELL / 2 <= self.end);
        let mut bar: String = cells.map(at).collect();
        if self.end - self.start >= CELL * (MOST_CELLS + 1) {
            // The last character gives way, so that the columns stay where they are.
            bar.pop();
            bar.push('…');
        }
        bar
    }

    fn is_long_hold(&self, middle: Instant) -> bool {
        self.holds().any(|(from, to)| from <= middle && middle < to && to - from >= CELL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times in milliseconds.
    fn times(returned: u64, worked: u64, turns: &[u64], end: u64) -> Times {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let turns = turns.iter().copied().map(at).collect();
        Times { start, returned: at(returned), worked: at(worked), turns, end: at(end) }
    }

    fn each_ms(from: u64, to: u64) -> Vec<u64> {
        (from..to).collect()
    }

    #[test]
    fn a_call_that_waits_holds_main() {
        let times = times(301, 502, &each_ms(301, 502), 502);
        assert_eq!(times.bar(), "######====");
        assert_eq!(times.longest_hold().as_millis(), 301);
    }

    #[test]
    fn taking_holds_main_while_the_event_loop_gets_no_turn() {
        let times = times(0, 201, &each_ms(0, 200), 301);
        assert_eq!(times.bar(), "====##");
        assert_eq!(times.longest_hold().as_millis(), 100);
    }

    #[test]
    fn a_wait_between_whose_turns_the_event_loop_is_free_holds_nobody() {
        let times = times(0, 201, &each_ms(0, 301), 301);
        assert_eq!(times.bar(), "====..");
        assert_eq!(times.longest_hold().as_millis(), 1);
    }

    #[test]
    fn a_wait_can_hold_main_for_a_part_of_its_time() {
        let turns = [each_ms(200, 300), each_ms(400, 500)].concat();
        let times = times(0, 200, &turns, 500);
        assert_eq!(times.bar(), "====..##..");
        assert_eq!(times.longest_hold().as_millis(), 101);
    }

    #[test]
    fn a_long_bar_is_cut() {
        let times = times(700, 900, &[], 900);
        assert_eq!(times.bar(), "##############=…");
    }
}
