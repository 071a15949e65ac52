//! The waterfall as text.

use console::{Color, Style, Term};

use super::{Row, Waterfall};

/// The width where nobody says how wide the screen is, as in a pipe.
const USUAL_WIDTH: usize = 80;

/// The fewest rows that are drawn, however low the screen is.
const FEWEST_ROWS: usize = 5;

const LEGEND: &str =
    "flag, thread, ░ waiting for the first byte, █ receiving and saving, × no flag";

/// Red is kept for what failed. After the last one the first comes again.
const COLOURS: [Color; 5] =
    [Color::Cyan, Color::Yellow, Color::Green, Color::Magenta, Color::Blue];

/// What the waterfall is drawn on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    width: usize,
    /// `None` in a pipe, which takes any number of lines.
    height: Option<usize>,
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
            height: size.map(|(rows, _)| rows.into()),
            // False in a pipe, and with `NO_COLOR` set (no-color.org).
            colours: terminal.features().colors_supported(),
        }
    }
}

impl Waterfall {
    /// The lines to write to a screen.
    pub(crate) fn lines(&self, screen: Screen) -> Vec<String> {
        let threads = self.rows.iter().map(|row| row.thread).max().unwrap_or(1);
        let digits = threads.to_string().len();
        // Two for the code and a space on either side of the thread; at the right one
        // for the mark of a failure and one that stays empty, or some terminals wrap.
        let width = screen.width.saturating_sub(digits + 6).max(10);
        let every = self.every(screen.height);
        let is_last = |number| number + 1 == self.rows.len();
        let shown = |number| number % every == 0 || is_last(number);

        let mut lines = vec![LEGEND.to_owned()];
        for (_, row) in self.rows.iter().enumerate().filter(|&(number, _)| shown(number))
        {
            let bar = self.bar(row, width, screen.colours);
            lines.push(format!("{} {:digits$} {bar}", row.code, row.thread));
        }
        lines.push(format!("{:1$}{2}", "", digits + 4, self.axis(width)));
        if every > 1 || self.rows.len() < self.flags {
            let drawn = (0..self.rows.len()).filter(|&number| shown(number)).count();
            lines.push(format!(
                "{drawn} of {} flags are drawn, evenly spread; --waterfall FILE.svg has \
                 room for more.",
                self.flags
            ));
        }
        lines.push(self.summary());
        lines
    }

    /// Of how many rows one is drawn, so that all fit on a screen of this height.
    fn every(&self, height: Option<usize>) -> usize {
        // Besides the rows: the legend, the axis, two lines below, the last row, and the
        // prompt.
        let fitting = height.map(|height| height.saturating_sub(6).max(FEWEST_ROWS));
        fitting.map_or(1, |fitting| self.rows.len().div_ceil(fitting).max(1))
    }

    fn bar(&self, row: &Row, width: usize, colours: bool) -> String {
        let column = |moment| self.time_axis().place(moment, width as f64);
        // Every part is drawn, be it ever so short.
        let start = (column(row.started) as usize).min(width - 1);
        let end = (column(row.ended).ceil() as usize).clamp(start + 1, width);
        let first_byte = match row.error {
            None => (column(row.first_byte) as usize).clamp(start, end - 1),
            // What failed may have received something, and need not.
            Some(_) => (column(row.first_byte).ceil() as usize).clamp(start, end),
        };
        let bar = "░".repeat(first_byte - start) + &"█".repeat(end - first_byte);
        let colour = COLOURS[(row.thread - 1) % COLOURS.len()];
        let bar = Style::new().fg(colour).force_styling(colours).apply_to(bar);
        let mark = if row.error.is_some() { "×" } else { "" };
        let mark = Style::new().red().force_styling(colours).apply_to(mark);
        format!("{:start$}{bar}{mark}", "")
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::waterfall;

    const PIPE: Screen = Screen { width: 31, height: None, colours: false };

    #[test]
    fn each_flag_has_a_bar_on_one_axis() {
        let expected = [
            LEGEND,
            "BR 1 ░░░░░░░░░███████████",
            "ZZ 2     ░░░░░░█████×",
            "CN 1                    ░░███",
            "     |0.0 s      |0.5 s",
            "At most 2 in flight. 1.40 s of downloads took 1.00 s: a speed-up of 1.4.",
        ];
        let lines = waterfall().lines(PIPE);
        assert_eq!(lines, expected, "\n{}", lines.join("\n"));
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        for (width, elapsed) in [(80, 1000), (81, 1210), (99, 7010), (200, 4010)] {
            let elapsed = Duration::from_millis(elapsed);
            let waterfall = Waterfall { elapsed, ..waterfall() };
            for line in waterfall.lines(Screen { width, ..PIPE }) {
                assert!(line.chars().count() < width, "{line}");
            }
        }
    }

    #[test]
    fn threads_have_colours_on_a_screen_that_has_them() {
        let lines = waterfall().lines(Screen { colours: true, ..PIPE });
        let [_, brazil, missing, china, ..] = &lines[..] else { panic!("{lines:?}") };
        let colour = |line: &str| line.split('\u{1b}').nth(1).unwrap()[..4].to_owned();
        assert_eq!(colour(brazil), colour(china));
        assert_ne!(colour(brazil), colour(missing));
    }

    #[test]
    fn on_a_low_screen_an_even_choice_of_rows_is_drawn_and_it_says_so() {
        let mut waterfall = waterfall();
        let first = waterfall.rows.remove(0);
        for number in 0..193 {
            let code = crate::countries::ALL[number];
            waterfall.rows.push(Row { code, error: None, ..first });
        }
        waterfall.flags = waterfall.rows.len();
        let lines = waterfall.lines(Screen { height: Some(24), ..PIPE });
        assert_eq!(lines.len(), 23, "and the prompt");
        let drawn = lines.iter().find(|line| line.contains("are drawn")).unwrap();
        assert!(drawn.starts_with("19 of 195 flags"), "{drawn}");
        assert!(lines[1].starts_with("ZZ"), "the first one is there");
        let last = waterfall.rows.last().unwrap().code.to_string();
        assert!(lines[19].starts_with(&last), "and the last one");
        assert_eq!(waterfall.lines(PIPE).len(), 195 + 3, "a pipe takes all of them");
    }
}
