//! The waterfall as text.

use std::collections::BTreeSet;
use std::time::Duration;

use console::{Color, Style, Term};

use super::{Lost, Row, Thread, Waterfall};
use crate::report::timeline::Outcome;

/// The width where nobody says how wide the screen is, as in a pipe.
const USUAL_WIDTH: usize = 80;

/// The most rows of flags on a screen, which scrolls, and of threads below them. A pipe
/// takes all of them.
const MOST_ROWS: usize = 60;
const MOST_THREADS: usize = 30;

const LEGEND: &str =
    "flag, thread, ░ waiting for the first byte, █ receiving and saving, × no flag";

/// Red is kept for what failed. After the last one the first comes again.
const COLOURS: [Color; 5] =
    [Color::Cyan, Color::Yellow, Color::Green, Color::Magenta, Color::Blue];

/// What the waterfall is drawn on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    width: usize,
    /// A pipe is none, and takes any number of lines.
    is_terminal: bool,
    colours: bool,
}

impl Screen {
    pub(crate) fn stdout() -> Self {
        Self::of(&Term::stdout())
    }

    pub(crate) fn stderr() -> Self {
        Self::of(&Term::stderr())
    }

    fn of(terminal: &Term) -> Self {
        let size = terminal.size_checked();
        Self {
            width: size.map_or(USUAL_WIDTH, |(_, columns)| columns.into()),
            is_terminal: size.is_some(),
            // False in a pipe, and with `NO_COLOR` set (no-color.org).
            colours: terminal.features().colors_supported(),
        }
    }
}

impl Waterfall {
    /// The lines to write to a screen.
    pub(crate) fn lines(&self, screen: Screen) -> Vec<String> {
        let rows =
            if screen.is_terminal { self.choice() } else { self.rows.iter().collect() };
        let words = rows.iter().filter_map(|row| row.lost.as_ref());
        let longest = words.map(|lost| mark(lost).chars().count()).max().unwrap_or(0);
        let most = self.threads.iter().map(|thread| thread.number).max().unwrap_or(1);
        let digits = most.to_string().len();
        // Two for the code and a space on either side of the thread; at the right the
        // words for what was lost, and one that stays empty, or some terminals wrap.
        let width = screen.width.saturating_sub(digits + 5 + longest).max(10);

        let mut lines = vec![LEGEND.to_owned()];
        for row in &rows {
            let bar = self.bar(row, width, screen.colours);
            lines.push(format!("{} {:digits$} {bar}", row.code, row.thread));
        }
        let drawn = if screen.is_terminal { MOST_THREADS } else { usize::MAX };
        lines.push(format!("{}: ─ sleeps, ━ works", self.who_works()));
        for thread in self.threads.iter().take(drawn) {
            let work = self.work(thread, width, screen.colours);
            lines.push(format!("   {:digits$} {work}", thread.number));
        }
        lines.push(format!("{:1$}{2}", "", digits + 4, self.axis(width)));
        lines.extend(self.left_out(rows.len(), drawn));
        lines.push(self.in_flight());
        if !self.rows.is_empty() {
            lines.push(self.where_time_went());
        }
        lines
    }

    /// What is not drawn.
    fn left_out(&self, rows: usize, threads: usize) -> Option<String> {
        let mut less = Vec::new();
        if rows < self.flags {
            less.push(format!("{rows} of {} flags", self.flags));
        }
        if threads < self.threads.len() {
            less.push(format!("{threads} of {} threads", self.threads.len()));
        }
        let more = "are drawn; --waterfall FILE.svg has room for more.";
        (!less.is_empty()).then(|| format!("{} {more}", less.join(" and ")))
    }

    /// The rows that are drawn on a screen, in their order: all, or as many as can be
    /// looked at. The flag that ends last is among them, since it decides how long the
    /// run takes, and one of each thread as far as they go; the others are evenly spread.
    fn choice(&self) -> Vec<&Row> {
        let all = 0..self.rows.len();
        if all.len() <= MOST_ROWS {
            return self.rows.iter().collect();
        }
        let last = all.clone().max_by_key(|&row| self.rows[row].ended);
        let first_of_thread =
            |&row: &usize| row == 0 || self.rows[row - 1].thread != self.rows[row].thread;
        let firsts: Vec<_> = all.clone().filter(first_of_thread).collect();
        let mut chosen: BTreeSet<_> = last.into_iter().collect();
        chosen.extend(spread(&firsts, MOST_ROWS - chosen.len()));
        let others: Vec<_> = all.filter(|row| !chosen.contains(row)).collect();
        chosen.extend(spread(&others, MOST_ROWS - chosen.len()));
        chosen.into_iter().map(|row| &self.rows[row]).collect()
    }

    fn bar(&self, row: &Row, width: usize, colours: bool) -> String {
        let (start, end) = self.columns((row.started, row.ended), width);
        let column = self.time_axis().place(row.first_byte, width as f64);
        let first_byte = match row.lost {
            None => (column as usize).clamp(start, end - 1),
            // What was lost may have received something, and need not.
            Some(_) => (column.ceil() as usize).clamp(start, end),
        };
        let is_failure = row.lost.as_ref().is_some_and(Lost::is_failure);
        let waiting = if is_failure { "/" } else { "░" };
        let bar = waiting.repeat(first_byte - start) + &"█".repeat(end - first_byte);
        let bar = thread_style(row.thread, colours).apply_to(bar);
        let mark = row.lost.as_ref().map(mark).unwrap_or_default();
        let mark = Style::new().red().force_styling(colours).apply_to(mark);
        format!("{:start$}{bar}{mark}", "")
    }

    /// The row of a thread: where it worked, be it ever so short.
    fn work(&self, thread: &Thread, width: usize, colours: bool) -> String {
        let mut works = vec![false; width];
        for &span in &thread.work {
            let (from, to) = self.columns(span, width);
            works[from..to].fill(true);
        }
        let row: String =
            works.iter().map(|works| if *works { '━' } else { '─' }).collect();
        thread_style(thread.number, colours).apply_to(row).to_string()
    }

    /// The columns that a span of time takes: one at least, and at most all.
    fn columns(&self, (from, to): (Duration, Duration), width: usize) -> (usize, usize) {
        let column = |moment| self.time_axis().place(moment, width as f64);
        let from = (column(from) as usize).min(width - 1);
        (from, (column(to).ceil() as usize).clamp(from + 1, width))
    }

    fn axis(&self, width: usize) -> String {
        // A mark, the label, and at least one space.
        let widest_label = 8;
        let mut axis = String::new();
        for (time, label) in self.time_axis().ticks((width / widest_label) as u32) {
            let column = self.time_axis().place(time, width as f64) as usize;
            if column + 1 + label.len() > width {
                break;
            }
            axis += &" ".repeat(column.saturating_sub(axis.chars().count()));
            axis += "|";
            axis += &label;
        }
        axis
    }
}

/// At most so many of these, evenly spread.
fn spread(from: &[usize], most: usize) -> impl Iterator<Item = usize> {
    let number = most.min(from.len());
    (0..number).map(move |place| from[place * from.len() / number])
}

/// The mark of a flag that was lost, and why, in a word.
fn mark(lost: &Lost) -> String {
    let mark = match lost.outcome {
        Outcome::NotFound => '○',
        Outcome::TimedOut => '!',
        Outcome::GivenUp => '-',
        Outcome::Failed | Outcome::Downloaded => '×',
    };
    format!("{mark} {}", lost.word())
}

fn thread_style(number: usize, colours: bool) -> Style {
    let colour = COLOURS[number.saturating_sub(1) % COLOURS.len()];
    Style::new().fg(colour).force_styling(colours)
}

#[cfg(test)]
mod tests {
    use std::iter;

    use super::*;
    use crate::testing::waterfall;

    const PIPE: Screen = Screen { width: 36, is_terminal: false, colours: false };

    #[test]
    fn each_flag_has_a_bar_and_each_thread_a_row_on_one_axis() {
        let expected = [
            LEGEND,
            "BR 1 ░░░░░░░░░░██████████",
            "CN 1                     ░░███",
            "ZZ 2      ░░░░░░░░░░○ 404",
            "2 threads · CPU 13 ms of 1.00 s: ─ sleeps, ━ works",
            "   1 ━─────────━━━━━━━━━━──━━━",
            "   2 ─────━─────────━─────────",
            "     |0.0 s      |0.5 s",
            "1.4 in flight on average, 2 at most: 1.40 s of downloads in 1.00 s.",
            "2 × 1.00 s: 45 % waiting for the site, 25 % work, 30 % idle",
        ];
        let lines = waterfall().lines(PIPE);
        assert_eq!(lines, expected, "\n{}", lines.join("\n"));
    }

    #[test]
    fn what_was_lost_has_a_word_and_what_failed_is_hatched() {
        let mut waterfall = waterfall();
        let mut row = waterfall.rows.pop().unwrap();
        for (outcome, mark) in [
            (Outcome::NotFound, "░○ 404"),
            (Outcome::Failed, "/× 404"),
            (Outcome::TimedOut, "/! timed out"),
            (Outcome::GivenUp, "/- given up"),
        ] {
            row.lost.as_mut().unwrap().outcome = outcome;
            waterfall.rows = vec![row.clone()];
            let lines = waterfall.lines(PIPE);
            assert!(lines[1].ends_with(mark), "{}", lines[1]);
        }
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        for (width, elapsed) in [(80, 1000), (81, 1210), (99, 7010), (200, 4010)] {
            let elapsed = Duration::from_millis(elapsed);
            let mut waterfall = Waterfall { elapsed, ..waterfall() };
            for is_terminal in [false, true] {
                let screen = Screen { width, is_terminal, ..PIPE };
                for line in waterfall.lines(screen) {
                    assert!(line.chars().count() < width, "{line}");
                }
                // Its notice as well.
                let rows = iter::repeat_n(waterfall.rows[0].clone(), 1_000);
                waterfall.rows = rows.collect();
                waterfall.flags = 20_280;
            }
        }
    }

    #[test]
    fn threads_have_colours_on_a_screen_that_has_them() {
        let lines = waterfall().lines(Screen { colours: true, ..PIPE });
        let [_, brazil, china, missing, _, one, two, ..] = &lines[..] else {
            panic!("{lines:?}")
        };
        let colour = |line: &str| line.split('\u{1b}').nth(1).unwrap()[..4].to_owned();
        assert_eq!(colour(brazil), colour(china));
        assert_ne!(colour(brazil), colour(missing));
        assert_eq!([colour(one), colour(two)], [colour(brazil), colour(missing)]);
    }

    /// So many rows of each of two threads. The last to end is in the middle.
    fn rows_of_two_threads(number: usize) -> Waterfall {
        let mut waterfall = waterfall();
        let row = waterfall.rows[0].clone();
        let all = crate::countries::ALL.into_iter().cycle().take(2 * number);
        waterfall.rows = all
            .zip(1..)
            .map(|(code, place)| {
                let thread = if place == 2 * number { 2 } else { 1 };
                let ended = if place == number + 3 { 990 } else { 500 };
                let ended = Duration::from_millis(ended);
                Row { code, thread, ended, ..row.clone() }
            })
            .collect();
        waterfall.flags = 2 * number;
        waterfall
    }

    #[test]
    fn a_screen_scrolls_as_far_as_60_rows() {
        let screen = Screen { is_terminal: true, ..PIPE };
        let waterfall = rows_of_two_threads(30);
        assert_eq!(waterfall.lines(screen).len(), 60 + 7);
        assert_eq!(waterfall.lines(screen), waterfall.lines(PIPE));
    }

    #[test]
    fn beyond_that_the_last_to_end_and_every_thread_are_there_and_it_says_so() {
        let screen = Screen { is_terminal: true, ..PIPE };
        let waterfall = rows_of_two_threads(97);
        let lines = waterfall.lines(screen);
        let notice = "60 of 194 flags are drawn; --waterfall FILE.svg has room for more.";
        assert_eq!(lines[60 + 5], notice);
        let last = waterfall.rows[97 + 2].code.to_string();
        assert!(lines.iter().any(|line| line.starts_with(&format!("{last} 1 "))));
        assert!(lines[60].starts_with("ZW 2 "), "{}", lines[60]);
        let codes: BTreeSet<_> = lines[1..=60].iter().map(|line| &line[..2]).collect();
        assert_eq!(codes.len(), 60, "each row once");
        assert!(!waterfall.lines(PIPE).contains(&notice.to_owned()));
    }
}
