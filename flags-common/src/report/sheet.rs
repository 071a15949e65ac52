//! What the pictures of runs have in common: their size, their style, the axis of time,
//! and a row that is pale where something waits and dark where it works.
//!
//! A picture is at most one screen high, so that a projector shows all of it, and its
//! letters can be read from the last row of a class.

use std::time::Duration;

use svg::Document;
use svg::node::element::{Description, Group, Line, Path, Rectangle, Style, Text, Title};

use super::time_axis::TimeAxis;

/// All lengths are those of a screen of 1280 × 720 pixels.
pub const WIDTH: f64 = 1280.0;
/// What stands at the edges.
pub const MARGIN: f64 = 40.0;
/// Where the bars begin: right of their names.
pub const LEFT: f64 = 184.0;
/// How long the longest bar can be.
pub const BARS_WIDTH: f64 = WIDTH - LEFT - MARGIN;
/// A row that is lower than this cannot be seen.
pub const LOWEST_ROW: f64 = 2.0;
/// A row that is lower than this has no room for an outline, nor for a gap.
pub const LOWEST_OUTLINE: f64 = 6.0;
/// A row that is lower than this has no room for a name.
pub const LABEL_HEIGHT: f64 = 18.0;
/// As narrow as a part of a bar may be and still be seen.
pub const NARROWEST: f64 = 2.0;
const MOST_TICKS: u32 = 10;

/// From when to when, since the beginning of the run.
pub type Span = (Duration, Duration);

/// What waits is pale with an outline, and what works is dark: each can be told from its
/// neighbour without its colour, on a light page and on a dark one. Colours are there to
/// tell threads apart, also by those who see no red or no green.
const STYLE: &str = "
svg { background: #fff; color: #1a1a1a; font: 18px system-ui, sans-serif; }
text { fill: #1a1a1a; }
.title { font-size: 30px; font-weight: 600; }
.line { stroke: #1a1a1a; stroke-opacity: 0.25; }
.waits { fill: currentColor; fill-opacity: 0.2; stroke: currentColor; }
.pale { fill: currentColor; fill-opacity: 0.2; }
.works { fill: currentColor; }
.hue-1 { color: #0b62a4; }
.hue-2 { color: #a35400; }
.hue-3 { color: #0a7350; }
.hue-4 { color: #9c3f95; }
.hue-5 { color: #6d6413; }
.hue-6 { color: #4b57b8; }
@media (prefers-color-scheme: dark) {
svg { background: #14161a; color: #f0f0f0; }
text { fill: #f0f0f0; }
.line { stroke: #f0f0f0; }
.hue-1 { color: #62b5f5; }
.hue-2 { color: #f5a84c; }
.hue-3 { color: #45cf9c; }
.hue-4 { color: #e598df; }
.hue-5 { color: #cfc25a; }
.hue-6 { color: #a3aef5; }
}
";
const HUES: usize = 6;

/// The class of all that belongs to the thread of this number, which is counted from 1.
#[must_use]
pub fn hue(thread: usize) -> String {
    format!("hue-{}", thread.saturating_sub(1) % HUES + 1)
}

/// A picture of this height on which only its title stands. The description is for those
/// who cannot see it.
#[must_use]
pub fn sheet(title: &str, description: &str, height: f64) -> Document {
    let words = svg::node::Text::new(description);
    Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("role", "img")
        .set("aria-labelledby", "title description")
        .add(Title::new(title).set("id", "title"))
        .add(Description::new().set("id", "description").add(words))
        .add(Style::new(STYLE))
        .add(text(MARGIN, 50.0, title).set("class", "title"))
}

/// Lines for round times from `top` to `bottom`, with their labels below.
#[must_use]
pub fn ticks(axis: &TimeAxis, top: f64, bottom: f64) -> Group {
    axis.ticks(MOST_TICKS).into_iter().fold(Group::new(), |group, (time, label)| {
        let x = place(axis, time);
        let line = Line::new().set("x1", x).set("x2", x).set("y1", top);
        group
            .add(line.set("y2", bottom).set("class", "line"))
            .add(text(x, bottom + 20.0, label).set("text-anchor", "middle"))
    })
}

/// Where a moment stands.
#[must_use]
pub fn place(axis: &TimeAxis, moment: Duration) -> f64 {
    LEFT + axis.place(moment, BARS_WIDTH)
}

/// One row, which has this name for a pointer over it, and this top and height.
#[must_use]
pub fn row(
    axis: &TimeAxis,
    name: impl Into<String>,
    waits: &[Span],
    works: &[Span],
    (top, height): (f64, f64),
) -> Group {
    let pale = if height < LOWEST_OUTLINE { "pale" } else { "waits" };
    let height = without_gap(height);
    let part = |spans, class| {
        let pieces = pieces(axis, spans);
        let piece =
            |(from, to)| format!("M{from:.1} {top:.1}H{to:.1}v{height:.1}H{from:.1}z");
        let outline: String = pieces.into_iter().map(piece).collect();
        Path::new().set("d", outline).set("class", class)
    };
    Group::new().add(Title::new(name)).add(part(waits, pale)).add(part(works, "works"))
}

/// The height of a bar in a row of this height: where there is room for it, a gap is
/// between two bars.
#[must_use]
pub fn without_gap(height: f64) -> f64 {
    if height > LOWEST_OUTLINE { height - (height / 4.0).min(4.0) } else { height }
}

/// Where these spans stand, each wide enough to be seen. What touches becomes one.
fn pieces(axis: &TimeAxis, spans: &[Span]) -> Vec<(f64, f64)> {
    let mut pieces: Vec<(f64, f64)> = Vec::new();
    for &(from, to) in spans {
        let [from, to] = [from, to].map(|time| place(axis, time));
        let from = from.min(LEFT + BARS_WIDTH - NARROWEST);
        let to = to.max(from + NARROWEST);
        match pieces.last_mut() {
            Some(last) if last.1 >= from => last.1 = last.1.max(to),
            _ => pieces.push((from, to)),
        }
    }
    pieces
}

/// When nothing of `busy` was, which is in order, from the beginning to the `end`.
#[must_use]
pub fn between(busy: &[Span], end: Duration) -> Vec<Span> {
    let starts = busy.iter().map(|span| span.1);
    let ends = busy.iter().map(|span| span.0).chain([end]);
    let gaps = [Duration::ZERO].into_iter().chain(starts).zip(ends);
    gaps.filter(|(from, to)| from < to).collect()
}

/// A sample of what a class looks like, for the legend, and what it means.
#[must_use]
pub fn sample(x: f64, class: &str, words: &str) -> Group {
    let sample = Rectangle::new().set("x", x).set("y", 96).set("class", class);
    Group::new().add(sample.set("width", 28).set("height", 14)).add(text(
        x + 38.0,
        109.0,
        words,
    ))
}

/// The name of a row, around whose middle it stands, left of the bars.
#[must_use]
pub fn label(middle: f64, words: impl Into<String>) -> Text {
    text(LEFT - 14.0, middle + 6.0, words).set("text-anchor", "end")
}

/// A text that begins here.
#[must_use]
pub fn text(x: f64, y: f64, words: impl Into<String>) -> Text {
    Text::new(words).set("x", x).set("y", y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn what_is_too_short_is_widened_and_what_touches_becomes_one() {
        let axis = TimeAxis::new(ms(1000));
        let spans =
            [(ms(0), ms(0)), (ms(1), ms(2)), (ms(500), ms(500)), (ms(1000), ms(1000))];
        let pieces = pieces(&axis, &spans);
        assert_eq!(pieces.len(), 3, "{pieces:?}");
        assert!((pieces[1].1 - pieces[1].0 - NARROWEST).abs() < 1e-6, "{pieces:?}");
        assert!((pieces[2].1 - LEFT - BARS_WIDTH).abs() < 1e-6, "{pieces:?}");
    }

    #[test]
    fn what_is_not_busy_is_between() {
        let busy = [(ms(0), ms(2)), (ms(5), ms(7))];
        assert_eq!(between(&busy, ms(9)), [(ms(2), ms(5)), (ms(7), ms(9))]);
        assert_eq!(between(&busy, ms(7)), [(ms(2), ms(5))]);
        assert_eq!(between(&[], ms(7)), [(ms(0), ms(7))]);
    }

    /// The relative luminance of a colour (WCAG 2.2).
    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        let [red, green, blue] = [red, green, blue].map(|part| match part / 255.0 {
            part if part <= 0.04045 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let [one, other] = [one, other].map(|colour| luminance(colour) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn work_outlines_and_waiting_can_be_told_apart_on_light_and_on_dark() {
        let colour = |digits: &str| {
            [0, 2, 4].map(|at| {
                let part = digits.get(at..at + 2).unwrap();
                f64::from(u8::from_str_radix(part, 16).unwrap())
            })
        };
        let (light, dark) = STYLE.split_once("@media").unwrap();
        for (style, page) in [(light, [255.0; 3]), (dark, [20.0, 22.0, 26.0])] {
            let hues = style.split(".hue-").skip(1);
            let hues: Vec<_> =
                hues.map(|rule| colour(rule.split('#').nth(1).unwrap())).collect();
            assert_eq!(hues.len(), HUES);
            for work in hues {
                let pale = [0, 1, 2].map(|part| 0.2 * work[part] + 0.8 * page[part]);
                assert!(contrast(work, page) >= 3.0, "{work:?} on {page:?}");
                assert!(contrast(work, pale) >= 3.0, "{work:?} beside {pale:?}");
            }
        }
    }
}
