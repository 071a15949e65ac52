//! Draws the steps of a run: a row for each task, and below them the loop's own.

use std::time::Duration;

use flags_common::sheet::{
    self, LABEL_HEIGHT, LOWEST_ROW, MARGIN, Span, hue, label, text,
};
use flags_common::{CountryCode, TimeAxis, in_words, plural};
use svg::node::element::Group;

use crate::step::Step;

/// Where the rows begin: below the title and the legend.
const TOP: f64 = 132.0;
const ROWS_HEIGHT: f64 = 420.0;
const HIGHEST_ROW: f64 = 40.0;
const LOOP_HEIGHT: f64 = 36.0;

/// What there is to draw.
#[derive(Debug, Default)]
struct Rows {
    /// From a task's first poll to its end, and each poll in between.
    tasks: Vec<(Span, Vec<Span>)>,
    /// When the loop waited.
    waits: Vec<Span>,
    end: Duration,
}

impl Rows {
    fn new(steps: &[(Duration, Step)], end: Duration) -> Self {
        let mut rows = Self { end, ..Self::default() };
        let (mut polled, mut waiting) = (Duration::ZERO, None);
        for &(time, step) in steps {
            if let Some(since) = waiting.take() {
                rows.waits.push((since, time));
            }
            match step {
                // One that does not finish waits to the end.
                Step::Begin(tasks) => {
                    rows.tasks = vec![((time, end), Vec::new()); tasks];
                }
                Step::Poll(_) => polled = time,
                Step::Pending(task) | Step::Ready(task) => {
                    let ((began, ended), polls) = &mut rows.tasks[task];
                    if polls.is_empty() {
                        *began = polled;
                    }
                    if matches!(step, Step::Ready(_)) {
                        *ended = time;
                    }
                    polls.push((polled, time));
                }
                Step::Wait { .. } => waiting = Some(time),
                Step::WaitFor(_) | Step::Wake(_) | Step::Bell => {}
            }
        }
        rows.waits.extend(waiting.map(|since| (since, end)));
        rows
    }

    /// When the loop did anything but wait.
    fn work(&self) -> Vec<Span> {
        let mut since = Duration::ZERO;
        let mut work = Vec::new();
        for &(wait, end) in &self.waits {
            work.push((since, wait));
            since = end;
        }
        if since < self.end {
            work.push((since, self.end));
        }
        work
    }
}

/// The picture of these steps, the last of which is taken before the `end`, as a whole
/// SVG file. The tasks are those of these flags, and the summary says where the time
/// went.
pub(crate) fn draw(
    codes: &[CountryCode],
    steps: &[(Duration, Step)],
    end: Duration,
    summary: &str,
) -> String {
    let rows = Rows::new(steps, end);
    let axis = TimeAxis::new(rows.end);
    let most = (ROWS_HEIGHT / LOWEST_ROW) as usize;
    // Of very many tasks only some are drawn, evenly spread.
    let every = rows.tasks.len().div_ceil(most).max(1);
    let drawn: Vec<_> = codes.iter().zip(&rows.tasks).step_by(every).collect();
    let height = (ROWS_HEIGHT / drawn.len().max(1) as f64).min(HIGHEST_ROW);
    let note = match every {
        1 => String::new(),
        _ => format!(" One task in {every} is drawn."),
    };
    let loop_top = TOP + drawn.len() as f64 * height + 14.0;
    let bottom = loop_top + LOOP_HEIGHT;
    let tasks = rows.tasks.len();
    let title = format!(
        "{tasks} {} on one thread, {}",
        plural(tasks, "task"),
        in_words(rows.end)
    );
    let description = format!(
        "A row for each task, from its first poll to its end: pale while it waits, dark \
         while it is polled. Below them the loop: pale while it waits, dark while it \
         works. {summary}"
    );

    let mut document = sheet::sheet(&title, &description, bottom + 76.0)
        .add(legend())
        .add(sheet::ticks(&axis, TOP - 6.0, bottom + 6.0));
    let named = (LABEL_HEIGHT / height).ceil() as usize;
    for (number, (code, (life, polls))) in drawn.into_iter().enumerate() {
        let top = TOP + number as f64 * height;
        if number % named == 0 {
            document = document.add(label(top + height / 2.0, code.to_string()));
        }
        let name = format!(
            "{code}: {} {} in {}",
            polls.len(),
            plural(polls.len(), "poll"),
            in_words(life.1.saturating_sub(life.0))
        );
        let row = sheet::row(&axis, name, &[*life], polls, (top, height));
        document = document.add(coloured(row));
    }
    let place = (loop_top, LOOP_HEIGHT);
    document
        .add(label(loop_top + LOOP_HEIGHT / 2.0, "the loop"))
        .add(coloured(sheet::row(&axis, summary, &rows.waits, &rows.work(), place)))
        .add(text(MARGIN, bottom + 62.0, format!("{summary}{note}")))
        .to_string()
        + "\n"
}

/// What the parts of a row mean.
fn legend() -> Group {
    let works = "is polled, or works; drawn a little wider than it is";
    coloured(sheet::sample(MARGIN, "waits", "waits"))
        .add(sheet::sample(160.0, "works", works))
}

/// All is the work of the one thread.
fn coloured(group: Group) -> Group {
    group.set("class", hue(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    /// Two tasks: the first is polled twice and finishes, the second waits to the end.
    fn steps() -> Vec<(Duration, Step)> {
        let wait = Step::Wait { sockets: 2, timeout: None };
        vec![
            (ms(0), Step::Begin(2)),
            (ms(10), Step::Poll(0)),
            (ms(15), Step::WaitFor(Event::Readable(1))),
            (ms(20), Step::Pending(0)),
            (ms(20), Step::Poll(1)),
            (ms(30), Step::Pending(1)),
            (ms(30), wait),
            (ms(80), Step::Wake(Event::Readable(1))),
            (ms(80), Step::Poll(0)),
            (ms(90), Step::Ready(0)),
            (ms(90), wait),
        ]
    }

    #[test]
    fn a_row_is_pale_from_the_first_poll_to_the_end_and_dark_in_each_poll() {
        let rows = Rows::new(&steps(), ms(100));
        let first = ((ms(10), ms(90)), vec![(ms(10), ms(20)), (ms(80), ms(90))]);
        let second = ((ms(20), ms(100)), vec![(ms(20), ms(30))]);
        assert_eq!(rows.tasks, [first, second]);
        assert_eq!(rows.waits, [(ms(30), ms(80)), (ms(90), ms(100))]);
        assert_eq!(rows.work(), [(ms(0), ms(30)), (ms(80), ms(90))]);
    }

    #[test]
    fn thousands_of_tasks_fit_on_a_screen_and_the_picture_says_what_it_leaves_out() {
        let codes: Vec<_> =
            flags_common::countries::ALL.into_iter().cycle().take(5000).collect();
        let picture = draw(&codes, &[(ms(0), Step::Begin(5000))], ms(10), "");
        assert!(picture.contains("One task in 24 is drawn."), "{picture}");
        let height: f64 = picture
            .split_once("viewBox=\"0 0 1280 ")
            .and_then(|(_, rest)| rest.split('"').next())
            .unwrap()
            .parse()
            .unwrap();
        assert!(height <= 720.0, "{height}");
    }
}
