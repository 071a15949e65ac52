//! One run of the picture: its bars, its threads, and what is said of it.

use svg::node::element::{Group, Path, TSpan, Text, Title};

use super::super::lanes::{Lane, Wait, in_flight};
use super::super::{Band, faster, time};
use super::{LEFT, RIGHT};
use crate::report::draw::{MARGIN, across, px, rectangle, text, upright};
use crate::seen::Thread;

/// Between the lanes and the rows of the threads.
const SPACE: f64 = 12.0;
/// The name of a run and what is said below it.
const NAME: f64 = 34.0;
const WORDS: f64 = 34.0;
/// How many letters have room beside the bars.
const LETTERS: usize = 34;
/// What is lower could not be seen. So many lanes are drawn as one area, which is as high
/// as flags are in flight, and as large as their bars would be.
const LOWEST_LANE: f64 = 4.0;
/// As narrow as work may be and still be seen.
pub(super) const NARROWEST: f64 = 4.0;
/// More threads than this are one row, which is dark where any of them works.
const MOST_ROWS: usize = 24;

/// Where the parts of a band stand, from its top on.
pub(super) struct Layout {
    pub(super) lanes_top: f64,
    /// The first row of threads, and how far each is from the next.
    rows_top: f64,
    row: f64,
    rows: usize,
    pub(super) height: f64,
}

impl Layout {
    pub(super) fn new(band: &Band, lane: f64) -> Self {
        let rows = match band.threads.len() {
            // Where some threads are not told of, nobody knows when they worked.
            _ if band.lacks_threads => 0,
            threads if threads > MOST_ROWS => 1,
            threads => threads,
        };
        let row = match rows {
            0..=6 => 10.0,
            _ => 4.0,
        };
        let rows_height = count(rows) * row;
        let words = NAME + WORDS * count(band.besides().len());
        let lanes = lane * count(band.height_in_lanes(lane));
        // The rows stand beside the words that are about them, or lower.
        let rows_top = (lanes + SPACE).max(words + 22.0 - rows_height / 2.0);
        let has_savers = matches!(band.threads_in_words(), Some((_, Some(_))));
        let after = if has_savers { 54.0 } else { 20.0 };
        let (lanes_top, height) = if band.threads.is_empty() {
            (0.0, lanes.max(words))
        } else {
            let below = (rows_height / 2.0).max(after);
            (rows_top - SPACE - lanes, rows_top + rows_height / 2.0 + below)
        };
        let height = height.max(NAME + 2.0 * WORDS);
        Self { lanes_top, rows_top, row, rows, height }
    }

    /// The middle of the rows.
    fn middle(&self) -> f64 {
        self.rows_top + count(self.rows) * self.row / 2.0
    }
}

impl Band<'_> {
    /// What is said below the name, in lines.
    fn besides(&self) -> Vec<String> {
        if let Some(reason) = self.failure {
            return wrapped(reason);
        }
        let in_flight = (self.largest_in_flight > 1)
            .then(|| format!("{} in flight at most", self.largest_in_flight));
        wrapped(&self.way).into_iter().chain(in_flight).collect()
    }

    /// How many lanes its bars need, or the area that stands for them.
    fn height_in_lanes(&self, lane: f64) -> usize {
        if lane < LOWEST_LANE {
            let steps = in_flight(&self.lanes).into_iter();
            steps.map(|(_, number)| number).max().unwrap_or(0)
        } else {
            self.lanes.len()
        }
    }

    pub(super) fn words(&self, top: f64, layout: &Layout) -> Group {
        let mut words = Group::new().add(text("name", MARGIN, top + NAME, &*self.name));
        let class = if self.failure.is_some() { "besides failure" } else { "besides" };
        let mut y = top + NAME;
        for line in self.besides() {
            y += WORDS;
            words = words.add(text(class, MARGIN, y, line));
        }
        let Some((threads, savers)) = self.threads_in_words() else { return words };
        let y = top + layout.middle() + 10.0;
        let cpu = self.cpu_in_words().map_or_else(String::new, |cpu| format!("· {cpu}"));
        let cpu = TSpan::new(cpu).set("class", "besides light");
        words = words.add(text("bold", MARGIN, y, threads).add(cpu));
        match savers {
            Some(savers) => words.add(text("besides", MARGIN, y + WORDS, savers)),
            None => words,
        }
    }

    /// The bars, or the area that stands for them.
    pub(super) fn waits(&self, scale: &Scale, top: f64, lane: f64) -> Group {
        let mut waits = Group::new();
        if lane < LOWEST_LANE {
            let bottom = top + lane * count(self.height_in_lanes(lane));
            return waits.add(area(&self.lanes, scale, bottom, lane));
        }
        for (number, waits_of_lane) in self.lanes.iter().enumerate() {
            let y = top + count(number) * lane;
            for wait in waits_of_lane {
                waits = waits.add(bar(wait, scale, y, lane - 2.0));
            }
        }
        waits
    }

    /// The rows of the threads.
    pub(super) fn work(&self, scale: &Scale, top: f64, layout: &Layout) -> Group {
        let end = scale.x(self.elapsed);
        let threads: Vec<&[Thread]> = match layout.rows {
            0 => return Group::new(),
            1 => vec![self.threads],
            _ => self.threads.chunks(1).collect(),
        };
        let (y, height) = (top + layout.rows_top, count(layout.rows) * layout.row);
        let mut rows = Group::new().add(rectangle("sleeps", (LEFT, end), y, height));
        for (number, threads) in threads.into_iter().enumerate() {
            let y = top + layout.rows_top + count(number) * layout.row;
            let work = threads.iter().flat_map(|thread| &thread.work);
            let spans = visible(work.copied().collect(), scale, self.elapsed);
            let (top, height) = (px(y), px(layout.row));
            let path = spans.iter().map(|&(from, to)| {
                let (from, to) = (px(from), px(to));
                format!("M{from} {top}v{height}H{to}v-{height}z")
            });
            let path: String = path.collect();
            if number > 0 {
                rows = rows.add(across("between", (LEFT, end), y));
            }
            if !path.is_empty() {
                rows = rows.add(Path::new().set("class", "works").set("d", path));
            }
        }
        rows
    }

    /// When the run has ended.
    pub(super) fn end(&self, scale: &Scale, top: f64, layout: &Layout) -> Group {
        let x = scale.x(self.elapsed);
        let end = Group::new().add(upright("end", x, (top - 6.0, top + layout.height)));
        let (x, took) = (x + 20.0, time(self.elapsed));
        if self.failure.is_none() {
            return end.add(text("time", x, top + 52.0, took));
        }
        end.add(text("name failure", x, top + 40.0, "× FAILED")).add(text(
            "large",
            x,
            top + 84.0,
            format!("after {took}"),
        ))
    }

    /// How much faster it was than flags-seq, which is known when both have ended.
    pub(super) fn comparison(&self, scale: &Scale, top: f64) -> Option<Text> {
        let x = scale.x(self.elapsed) + 20.0;
        let than = if x < RIGHT - 240.0 { "as flags-seq" } else { "" };
        let words = text("large", x, top + 98.0, faster(self.speed_up?));
        Some(words.add(TSpan::new(than).set("class", "besides")))
    }
}

/// The wait for one flag, and a mark where the program goes on with it.
fn bar(wait: &Wait, scale: &Scale, y: f64, height: f64) -> Group {
    let (from, to) = (scale.x(wait.start), scale.x(wait.end));
    let took = time(wait.end - wait.start);
    let (class, what) = if wait.is_good {
        ("waits", format!("{}: {took}", wait.label))
    } else {
        ("failed", format!("{}: failed after {took}", wait.label))
    };
    let bar =
        Group::new().add(Title::new(what)).add(rectangle(class, (from, to), y, height));
    if !wait.is_good {
        return bar;
    }
    // Of a short one, half is left to be seen as waiting.
    let mark = NARROWEST.min((to - from) / 2.0);
    bar.add(rectangle("works", (to - mark, to), y, height))
}

/// The number in flight as an area, whose height is that number of lanes.
fn area(lanes: &[Lane], scale: &Scale, bottom: f64, lane: f64) -> Path {
    let steps = in_flight(lanes).into_iter().map(|(moment, number)| {
        format!("H{}V{}", px(scale.x(moment)), px(bottom - lane * count(number)))
    });
    let steps: String = steps.collect();
    let path = format!("M{LEFT} {}{steps}z", px(bottom));
    Path::new().set("class", "waits").set("d", path)
}

/// The one scale of time, from the left to the right.
pub(super) struct Scale {
    pub(super) longest: f64,
}

impl Scale {
    pub(super) fn x(&self, milliseconds: f64) -> f64 {
        LEFT + (milliseconds / self.longest).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }
}

/// From where to where a row is dark in a run that ends at `end`.
///
/// Work takes much less time than can be seen, so it is drawn wider. But where there is
/// very much of it, that would make a thread look busy which is not. So it is drawn only
/// so much wider that most of the row stays pale, if most of its time is.
pub(super) fn visible(
    mut work: Vec<(f64, f64)>,
    scale: &Scale,
    end: f64,
) -> Vec<(f64, f64)> {
    work.sort_by(|one, other| one.0.total_cmp(&other.0));
    let row = scale.x(end) - LEFT;
    let spans = |narrowest: f64| {
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for &(from, to) in &work {
            let from = scale.x(from).min(scale.x(end) - narrowest);
            let to = scale.x(to).max(from + narrowest).min(scale.x(end));
            // What touches in the picture is one.
            match spans.last_mut().filter(|last| from <= last.1) {
                Some(last) => last.1 = last.1.max(to),
                None => spans.push((from, to)),
            }
        }
        spans
    };
    let is_mostly_pale = |spans: &Vec<(f64, f64)>| {
        spans.iter().map(|span| span.1 - span.0).sum::<f64>() <= row / 3.0
    };
    let widths = [NARROWEST, 3.0, 2.0, 1.0, 0.5];
    widths.map(spans).into_iter().find(is_mostly_pale).unwrap_or_else(|| spans(0.25))
}

/// Lines that have room beside the bars. Of a long text, the first three.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LETTERS => {
                *line = format!("{line} {word}");
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.truncate(3);
    lines.iter().map(|line| line.chars().take(LETTERS).collect()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "few lanes and rows are drawn")]
fn count(number: usize) -> f64 {
    number as f64
}
