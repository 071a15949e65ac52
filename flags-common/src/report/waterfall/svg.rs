//! The waterfall as an SVG file, for a projector or a web page.

use std::time::Duration;

use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Style, Title};

use super::crowd::crowd;
use super::marks::{self, mark};
use super::{Lost, Row, Spent, Thread, Waterfall};
use crate::report::sheet::{
    self, BARS_WIDTH, LABEL_HEIGHT, LEFT, LOWEST_OUTLINE, LOWEST_ROW, MARGIN, hue, label,
    place, text,
};
use crate::report::streams::plural;
use crate::report::time_axis::in_words;
use crate::report::work::Role;

/// Where the bars begin: below the title, the line on the threads, and the legend.
const TOP: f64 = 132.0;
/// The bars of up to some 20 flags are this high; those of more share the same space.
const HIGHEST_ROW: f64 = 20.0;
/// Enough for the 194 countries of the book.
const LANES_HEIGHT: f64 = 388.0;
const HIGHEST_THREAD: f64 = 16.0;
const THREADS_HEIGHT: f64 = 64.0;
/// The space between the bars, the threads, and all that is below.
const GAP: f64 = 10.0;
/// How the time was spent: a bar, two lines below it, and the margin.
const SPENT_HEIGHT: f64 = 20.0;
const FOOT: f64 = 64.0;
/// As narrow as a part of a bar may be and still be seen.
const NARROWEST: f64 = 3.0;
/// The room that the mark of a lost flag takes, and each letter of its word.
const MARK_WIDTH: f64 = 24.0;
const LETTER_WIDTH: f64 = 10.5;

impl Waterfall {
    /// The whole file. `program` is what has downloaded the flags.
    pub(crate) fn to_svg(&self, program: &str) -> String {
        let rows = self.rows.len().max(1) as f64;
        let row_height = (LANES_HEIGHT / rows).min(HIGHEST_ROW);
        let is_crowd = row_height < LOWEST_ROW;
        let lanes_height = if is_crowd { LANES_HEIGHT } else { rows * row_height };
        let threads_top = TOP + lanes_height + GAP;
        let most_threads = (THREADS_HEIGHT / LOWEST_ROW) as usize;
        let threads = &self.threads[..self.threads.len().min(most_threads)];
        let one_high = (THREADS_HEIGHT / threads.len().max(1) as f64).min(HIGHEST_THREAD);
        let threads_height = threads.len() as f64 * one_high;
        let axis_top = threads_top + threads_height + 4.0;
        let spent_top = axis_top + 20.0 + GAP;
        let height = spent_top + SPENT_HEIGHT + FOOT;
        let lanes = if is_crowd {
            crowd(self, (TOP, lanes_height))
        } else {
            self.lanes(row_height)
        };
        let mut document =
            sheet::sheet(&self.title(program), &self.description(is_crowd), height)
                .add(Style::new(marks::STYLE))
                .add(marks::patterns())
                .add(text(MARGIN, 82.0, self.who_works()))
                .add(marks::legend(self))
                .add(sheet::ticks(&self.time_axis(), TOP - 6.0, axis_top))
                .add(lanes);
        for (number, thread) in threads.iter().enumerate() {
            let top = threads_top + number as f64 * one_high;
            document = document.add(self.thread(thread, (top, one_high)));
        }
        if one_high < LOWEST_OUTLINE {
            // No row has room for an outline, so that all of them share one.
            let outline = Rectangle::new().set("x", LEFT).set("width", BARS_WIDTH);
            let outline = outline.set("y", threads_top).set("height", threads_height);
            document = document.add(outline.set("class", "frame"));
        }
        if one_high < HIGHEST_THREAD {
            let all = self.threads.len();
            let words = match threads.len() {
                drawn if drawn < all => format!("{drawn} of {all} threads"),
                _ => format!("{all} threads"),
            };
            document = document.add(label(threads_top + threads_height / 2.0, words));
        }
        self.spent(document, spent_top)
            .add(text(MARGIN, height - 14.0, self.in_flight() + &self.note(is_crowd)))
            .to_string()
            + "\n"
    }

    fn title(&self, program: &str) -> String {
        let (saved, all) = (self.saved, self.flags);
        let number = match all - saved {
            0 => format!("{all} {}", plural(all, "flag")),
            _ => format!("{saved} of {all} flags"),
        };
        format!("{program}: {number} in {}", in_words(self.elapsed))
    }

    /// For those who cannot see the picture.
    fn description(&self, is_crowd: bool) -> String {
        let flags = if is_crowd {
            "How many flags were in flight at each moment: pale those that waited, dark \
             those that were received and saved."
        } else {
            "A bar for each flag, from the moment when its download began to the moment \
             when it was saved: pale while it waited, dark while it was received and \
             saved."
        };
        format!(
            "{flags} Below, a row for each thread: pale while it slept, dark while it \
             worked. {}. {} Where the time went: {}.",
            self.who_works(),
            self.in_flight(),
            self.where_time_went()
        )
    }

    /// What is left out of the picture.
    fn note(&self, is_crowd: bool) -> String {
        match self.every {
            1 if is_crowd => " Too many for a bar each.".to_owned(),
            1 => String::new(),
            every => format!(" Drawn from one flag in {every}."),
        }
    }

    /// A bar for each flag, those of one thread below each other.
    fn lanes(&self, row_height: f64) -> Group {
        // With many rows not every one has room for its name.
        let named = (LABEL_HEIGHT / row_height).ceil() as usize;
        let mut lanes = Group::new();
        let mut number = 0;
        let mut label_bottom = f64::NEG_INFINITY;
        for group in self.rows.chunk_by(|one, next| one.thread == next.thread) {
            let top = TOP + number as f64 * row_height;
            let gap = row_height - sheet::without_gap(row_height);
            let middle = top + (group.len() as f64 * row_height - gap) / 2.0;
            if middle - LABEL_HEIGHT / 2.0 >= label_bottom {
                let words = format!("thread {}", group[0].thread);
                lanes = lanes.add(text(MARGIN, middle + 6.0, words));
                label_bottom = middle + LABEL_HEIGHT / 2.0;
            }
            if number > 0 && group.len() > 1 && row_height >= LOWEST_OUTLINE {
                let line = Line::new().set("x1", MARGIN).set("x2", LEFT + BARS_WIDTH);
                let line = line.set("y1", top - 1.0).set("y2", top - 1.0);
                lanes = lanes.add(line.set("class", "line"));
            }
            for row in group {
                let top = TOP + number as f64 * row_height;
                if number % named == 0 {
                    let middle = top + sheet::without_gap(row_height) / 2.0;
                    lanes = lanes.add(label(middle, row.code.to_string()));
                }
                lanes = lanes.add(self.group(row, (top, row_height)));
                number += 1;
            }
        }
        lanes
    }

    /// The bar of one flag, with its parts and what a pointer over it shows.
    fn group(&self, row: &Row, (top, height): (f64, f64)) -> Group {
        let axis = self.time_axis();
        let start = place(&axis, row.started).min(LEFT + BARS_WIDTH - NARROWEST);
        let end = place(&axis, row.ended).max(start + NARROWEST);
        // What was lost may have received something, and need not.
        let narrowest = if row.lost.is_none() { NARROWEST } else { 0.0 };
        // Not `clamp`, which panics when rounding has put its two bounds in disorder.
        let first_byte = place(&axis, row.first_byte).max(start).min(end - narrowest);
        let bar_height = sheet::without_gap(height);
        let part = |from: f64, to: f64, class| {
            Rectangle::new()
                .set("x", from)
                .set("y", top)
                .set("width", to - from)
                .set("height", bar_height)
                .set("class", class)
        };
        let mut group =
            Group::new().set("class", hue(row.thread)).add(Title::new(row.description()));
        if height < LOWEST_OUTLINE {
            // All that is left of it is its outline.
            let middle = top + bar_height / 2.0;
            let line = Line::new().set("x1", start).set("x2", first_byte);
            let line = line.set("y1", middle).set("y2", middle).set("class", "hair");
            group = group.add(line);
        } else {
            group = group.add(part(start, first_byte, "waits"));
        }
        if end > first_byte {
            group = group.add(part(first_byte, end, "works"));
        }
        if let Some(lost) = &row.lost {
            if lost.is_failure() {
                let outline = height >= LOWEST_OUTLINE;
                let class = if outline { "failure" } else { "stripes" };
                group = group.add(part(start, end, class));
            }
            if height >= 12.0 {
                let middle = top + bar_height / 2.0;
                let word = lost.word();
                let width = MARK_WIDTH + LETTER_WIDTH * word.len() as f64;
                // Where no room is left to the right, it stands in the bar.
                let fits = end + width < LEFT + BARS_WIDTH + MARGIN;
                let x = if fits { end + 8.0 } else { end - width };
                let word = text(x + 18.0, middle + 6.0, word);
                let plate = part(x - 4.0, x + width - 4.0, "plate");
                group = if fits { group } else { group.add(plate) };
                group = group
                    .add(mark(lost.outcome, x + 5.0, middle))
                    .add(word.set("class", "word"));
            }
        }
        group
    }

    /// The row of one thread.
    fn thread(&self, thread: &Thread, (top, height): (f64, f64)) -> Group {
        let words = match thread.role {
            Role::Downloads => format!("thread {}", thread.number),
            Role::Saves => format!("thread {} saves", thread.number),
        };
        let waits = sheet::between(&thread.work, self.elapsed);
        let work = thread.work.iter().map(|(from, to)| to.saturating_sub(*from));
        let work: Duration = work.sum();
        let name = format!("{words}: at work for {}", in_words(work));
        let row =
            sheet::row(&self.time_axis(), name, &waits, &thread.work, (top, height));
        let row = Group::new().set("class", hue(thread.number)).add(row);
        if height < HIGHEST_THREAD {
            return row;
        }
        row.add(label(top + height / 2.0 - 2.0, words))
    }

    /// How the time of all places in flight was spent, as one bar with a line below it.
    fn spent(&self, document: Document, top: f64) -> Document {
        let places = self.largest_in_flight;
        let places = format!("{places} {}", plural(places, "place"));
        let words = format!("Where the time went, {}", self.where_time_went());
        let mut x = LEFT;
        let mut bar = Group::new().set("class", hue(1));
        for (kind, share) in self.shares() {
            if share == 0.0 {
                continue;
            }
            let class = match kind {
                Spent::Site => "waits",
                Spent::Turn => "turn",
                Spent::Work => "works",
                Spent::Idle => "idle",
            };
            // What is narrow is drawn over the begin of what comes next.
            let width = share * BARS_WIDTH;
            let seen = width.max(NARROWEST).min(LEFT + BARS_WIDTH - x);
            let part = Rectangle::new().set("x", x).set("y", top).set("width", seen);
            bar = bar.add(part.set("height", SPENT_HEIGHT).set("class", class));
            x += width;
        }
        document.add(label(top + SPENT_HEIGHT / 2.0, places)).add(bar).add(text(
            LEFT,
            top + SPENT_HEIGHT + 22.0,
            words,
        ))
    }
}

impl Row {
    fn description(&self) -> String {
        let Self { code, thread, started, .. } = self;
        let took = in_words(self.ended.saturating_sub(*started));
        let waited = in_words(self.first_byte.saturating_sub(*started));
        let started = in_words(*started);
        let what = match &self.lost {
            None => format!("{took} from {started} on, {waited} of it waiting"),
            Some(Lost { error, .. }) => {
                format!("{error} after {took}, from {started} on")
            }
        };
        format!("{code}: {what}, thread {thread}")
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use roxmltree::{Document, Node};

    use super::*;
    use crate::report::sheet::WIDTH;
    use crate::report::timeline::{Outcome, Stamps, Timeline};
    use crate::testing::{by, lost, stamps, waterfall};

    fn number(node: Node, name: &str) -> f64 {
        node.attribute(name).unwrap().parse().unwrap()
    }

    fn height(document: &Document) -> f64 {
        let view_box = document.root_element().attribute("viewBox").unwrap();
        view_box.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn texts(document: &Document) -> Vec<String> {
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.map(|text| text.text().unwrap_or_default().trim().to_owned()).collect()
    }

    /// Groups with a title that begins with a code, which are the bars.
    fn bars<'a>(document: &'a Document) -> Vec<Node<'a, 'a>> {
        let is_bar = |node: &Node| {
            node.children().any(|child| {
                let title = child.text().unwrap_or_default().trim();
                child.has_tag_name("title") && title.get(2..4) == Some(": ")
            })
        };
        document.descendants().filter(is_bar).collect()
    }

    #[test]
    fn each_flag_has_a_bar_with_a_title_on_one_axis() {
        let svg = waterfall().to_svg("flags-async");
        let document = Document::parse(&svg).unwrap();
        let bars = bars(&document);
        let titles: Vec<_> = bars
            .iter()
            .map(|bar| bar.first_element_child().unwrap().text().unwrap().trim())
            .collect();
        assert_eq!(
            titles,
            [
                "BR: 0.80 s from 0.0 ms on, 0.40 s of it waiting, thread 1",
                "CN: 0.20 s from 0.80 s on, 0.10 s of it waiting, thread 1",
                "ZZ: 404 Not Found after 0.40 s, from 0.20 s on, thread 2",
            ]
        );
        // In rows, from the left to the right: each bar stands where its times say.
        let spans = bars.iter().map(|bar| {
            let parts = bar.children().filter(|part| part.has_tag_name("rect"));
            let ends = parts.map(|part| (number(part, "x"), number(part, "width")));
            let ends: Vec<_> = ends.map(|(x, width)| (x, x + width)).collect();
            let place = |x: f64| ((x - LEFT) / BARS_WIDTH * 1000.0).round();
            (place(ends[0].0), place(ends.last().unwrap().1))
        });
        assert!(spans.eq([(0.0, 800.0), (800.0, 1000.0), (200.0, 600.0)]));
    }

    #[test]
    fn the_title_counts_downloads_and_each_loss_has_a_word_and_a_mark_of_its_own() {
        let mut timeline = Timeline::new();
        let began = timeline.began();
        timeline.add(stamps("BR", began, (0, 800)));
        for (number, (outcome, status)) in (2..).zip([
            (Outcome::NotFound, StatusCode::NOT_FOUND),
            (Outcome::Failed, StatusCode::IM_A_TEAPOT),
            (Outcome::TimedOut, StatusCode::OK),
            (Outcome::GivenUp, StatusCode::OK),
        ]) {
            let stamps = by(number, stamps("CN", began, (0, 500)));
            timeline.add(lost(stamps, outcome, status));
        }
        let waterfall = Waterfall::new(&timeline, 5, Duration::from_secs(1), None);
        let svg = waterfall.to_svg("flags-threadpool");
        let document = Document::parse(&svg).unwrap();
        let texts = texts(&document);
        assert_eq!(texts[0], "flags-threadpool: 1 of 5 flags in 1.00 s");
        for words in [
            "404",
            "418",
            "timed out",
            "given up",
            "not found: 1",
            "error: 1",
            "timed out: 1",
            "given up: 1",
        ] {
            let found = texts.iter().filter(|text| *text == words).count();
            assert_eq!(found, 1, "{words}: {texts:?}");
        }
        let hatched = svg.matches("class=\"failure\"").count();
        assert_eq!(hatched, 3, "that there is no such flag is no failure");
        let shapes =
            document.descendants().filter(|node| node.attribute("class") == Some("mark"));
        let shapes: std::collections::BTreeSet<_> =
            shapes.map(|mark| mark.attribute("d").unwrap().split('m').nth(1)).collect();
        assert_eq!(shapes.len(), 4);
    }

    #[test]
    fn below_the_flags_each_thread_has_a_row_and_the_time_has_a_bar() {
        let svg = waterfall().to_svg("flags-threadpool");
        let document = Document::parse(&svg).unwrap();
        let texts = texts(&document);
        let threads = |text: &&String| text.starts_with("thread ");
        // Beside the flags of each, and beside its row.
        assert_eq!(texts.iter().filter(threads).count(), 4, "{texts:?}");
        assert!(svg.contains("thread 1: at work for 0.50 s"), "{svg}");
        assert!(texts.contains(&"2 threads · CPU 13 ms of 1.00 s".to_owned()));
        let spent = "Where the time went, 2 × 1.00 s: 45 % waiting for the site, ";
        assert!(texts.iter().any(|text| text.starts_with(spent)), "{texts:?}");
    }

    #[test]
    fn it_can_be_read_without_being_seen_and_needs_nothing_from_outside() {
        let svg = waterfall().to_svg("flags-async");
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let by_id =
            |id| document.descendants().find(|node| node.attribute("id") == Some(id));
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            assert!(
                by_id(id).unwrap().text().is_some_and(|text| text.len() > 20),
                "{id}"
            );
        }
        assert_eq!(svg.matches("http").count(), 1, "the name space, and no more:\n{svg}");
    }

    #[test]
    fn any_number_of_flags_and_threads_fits_on_a_screen_and_few_take_less() {
        for (flags, threads) in [(1, 1), (20, 20), (194, 30), (195, 195), (20_280, 1_000)]
        {
            let mut timeline = Timeline::new();
            let began = timeline.began();
            for number in 0..flags {
                let flag = stamps("BR", began, (number % 900, number % 900 + 100));
                let thread = crate::report::worker::Worker {
                    number: number as usize % threads + 1,
                    id: std::thread::current().id(),
                };
                let started = flag.started.map(|(moment, _)| (moment, thread));
                timeline.add(Stamps { started, saver: None, ..flag });
            }
            let waterfall =
                Waterfall::new(&timeline, threads, Duration::from_secs(1), None);
            let svg = waterfall.to_svg("flags-threadpool");
            let document = Document::parse(&svg).unwrap();
            let height = height(&document);
            assert!(height <= WIDTH * 9.0 / 16.0, "{height} for {flags}");
            assert!(flags > 1 || height < 400.0, "{height}");
            assert_eq!(
                bars(&document).len(),
                if flags < 195 { flags as usize } else { 0 }
            );
            // All that is drawn stands on the picture, the notice among it.
            let inside = |node: Node, name| {
                node.attribute(name).is_none_or(|y| y.parse::<f64>().unwrap() < height)
            };
            assert!(document.descendants().all(|node| inside(node, "y")));
            assert_eq!(svg.contains("Drawn from one flag in 4."), flags > 20_000);
        }
    }
}
