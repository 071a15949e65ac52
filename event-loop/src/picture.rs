//! Draws the steps of a run: a row for each task, and below them the loop's own.

use std::time::Duration;

use flags_common::{CountryCode, TimeAxis, in_words, plural};
use svg::Document;
use svg::node::element::{Description, Group, Line, Path, Rectangle, Style, Text, Title};

use crate::step::Step;

/// All lengths are those of a screen of 1280 × 720 pixels.
const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 40.0;
const LEFT: f64 = 130.0;
const TOP: f64 = 130.0;
const BARS_WIDTH: f64 = WIDTH - LEFT - MARGIN;
const ROWS_HEIGHT: f64 = 420.0;
const HIGHEST_ROW: f64 = 40.0;
/// A row that is lower than this cannot be seen, so that more tasks are not drawn.
const LOWEST_ROW: f64 = 2.0;
const LOOP_HEIGHT: f64 = 36.0;
const LABEL_HEIGHT: f64 = 18.0;
/// As narrow as a poll may be and still be seen.
const NARROWEST: f64 = 2.0;
const MOST_TICKS: u32 = 10;

const STYLE: &str = "
svg { background: #fff; color: #1a1a1a; font: 18px system-ui, sans-serif; }
text { fill: currentColor; }
.title { font-size: 30px; font-weight: 600; }
.line { stroke: currentColor; stroke-opacity: 0.25; }
.waits { fill: #0b62a4; fill-opacity: 0.15; stroke: #0b62a4; }
.works { fill: #08395f; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; color: #f0f0f0; }
  .waits { fill: #62b5f5; stroke: #62b5f5; }
  .works { fill: #b9dffc; }
}
";

/// From when to when, since the loop began.
type Span = (Duration, Duration);

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

    let mut document = Document::new()
        .set("viewBox", (0, 0, WIDTH, bottom + 90.0))
        .set("role", "img")
        .set("aria-labelledby", "title description")
        .add(Title::new(title.as_str()).set("id", "title"))
        .add(
            Description::new()
                .set("id", "description")
                .add(svg::node::Text::new(description)),
        )
        .add(Style::new(STYLE))
        .add(text(MARGIN, 56.0, title).set("class", "title"))
        .add(legend());
    for (time, label) in axis.ticks(MOST_TICKS) {
        let x = LEFT + axis.place(time, BARS_WIDTH);
        let line = Line::new().set("x1", x).set("x2", x).set("y1", TOP - 8.0);
        document = document
            .add(line.set("y2", bottom + 8.0).set("class", "line"))
            .add(text(x, bottom + 30.0, label).set("text-anchor", "middle"));
    }
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
        document = document.add(row(&axis, name, &[*life], polls, (top, height)));
    }
    let place = (loop_top, LOOP_HEIGHT);
    document
        .add(label(loop_top + LOOP_HEIGHT / 2.0, "the loop"))
        .add(row(&axis, summary.to_owned(), &rows.waits, &rows.work(), place))
        .add(text(MARGIN, bottom + 70.0, format!("{summary}{note}")))
        .to_string()
        + "\n"
}

/// One row, which has this name for a pointer over it, and this top and height.
fn row(
    axis: &TimeAxis,
    name: String,
    waits: &[Span],
    works: &[Span],
    (top, height): (f64, f64),
) -> Group {
    // A gap between two rows, where there is room for one.
    let height = if height > 6.0 { height - 4.0 } else { height };
    let part = |spans, class| {
        let pieces = pieces(axis, spans);
        let piece =
            |(from, to)| format!("M{from:.1} {top:.1}H{to:.1}v{height:.1}H{from:.1}z");
        let outline: String = pieces.into_iter().map(piece).collect();
        Path::new().set("d", outline).set("class", class)
    };
    Group::new().add(Title::new(name)).add(part(waits, "waits")).add(part(works, "works"))
}

/// Where these spans stand, each wide enough to be seen. What touches becomes one.
fn pieces(axis: &TimeAxis, spans: &[Span]) -> Vec<(f64, f64)> {
    let mut pieces: Vec<(f64, f64)> = Vec::new();
    for &(from, to) in spans {
        let [from, to] = [from, to].map(|time| LEFT + axis.place(time, BARS_WIDTH));
        let to = to.max(from + NARROWEST);
        match pieces.last_mut() {
            Some(last) if last.1 >= from => last.1 = to,
            _ => pieces.push((from, to)),
        }
    }
    pieces
}

/// What the parts of a row mean.
fn legend() -> Group {
    let sample = |x: f64, class| {
        let sample = Rectangle::new().set("x", x).set("y", 82).set("class", class);
        sample.set("width", 28).set("height", 16)
    };
    Group::new()
        .add(sample(MARGIN, "waits"))
        .add(text(78.0, 96.0, "waits"))
        .add(sample(160.0, "works"))
        .add(text(198.0, 96.0, "is polled, or works; drawn a little wider than it is"))
}

fn label(middle: f64, words: impl Into<String>) -> Text {
    text(LEFT - 14.0, middle + 4.0, words).set("text-anchor", "end")
}

fn text(x: f64, y: f64, content: impl Into<String>) -> Text {
    Text::new(content).set("x", x).set("y", y)
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
    fn what_is_too_short_is_widened_and_what_touches_becomes_one() {
        let axis = TimeAxis::new(ms(1000));
        let spans = [(ms(0), ms(0)), (ms(1), ms(2)), (ms(500), ms(500))];
        let widths: Vec<_> =
            pieces(&axis, &spans).into_iter().map(|(from, to)| to - from).collect();
        assert_eq!(widths.len(), 2, "{widths:?}");
        assert!((widths[1] - NARROWEST).abs() < 1e-6, "{widths:?}");
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
