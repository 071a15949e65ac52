//! The waterfall as an SVG file, for a projector or a web page.

use svg::Document;
use svg::node::element::{Description, Group, Line, Rectangle, Style, Text, Title};

use super::{Row, Waterfall};
use crate::report::streams::plural;
use crate::report::time_axis::in_words;

/// All lengths are those of a screen of 1280 pixels.
const WIDTH: f64 = 1280.0;
const MARGIN: f64 = 40.0;
/// Where the bars begin: below the title and the legend, right of the names.
const LEFT: f64 = 130.0;
const TOP: f64 = 130.0;
const BARS_WIDTH: f64 = WIDTH - LEFT - 2.0 * MARGIN;
/// The bars of 20 flags are this high; those of more share the same space.
const HIGHEST_ROW: f64 = 26.0;
const BARS_HEIGHT: f64 = 20.0 * HIGHEST_ROW;
const LOWEST_ROW: f64 = 2.0;
/// The smallest letters that can be read from the last row of a class.
const LABEL_HEIGHT: f64 = 18.0;
/// As narrow as a part of a bar may be and still be seen.
const NARROWEST: f64 = 3.0;
/// The axis and the line below it.
const FOOT: f64 = 90.0;
const MOST_TICKS: u32 = 10;

/// Dark colours on a light page and the other way round; they can be told apart by those
/// who see no red or no green.
const STYLE: &str = "
svg { background: #fff; color: #1a1a1a; font: 18px system-ui, sans-serif; }
text { fill: currentColor; }
.title { font-size: 30px; font-weight: 600; }
.line { stroke: currentColor; stroke-opacity: 0.25; }
.waiting { fill-opacity: 0.5; }
.failed { fill: #c62828; font-weight: 700; }
.thread-1 { fill: #0b62a4; } .thread-2 { fill: #b35c00; } .thread-3 { fill: #0a7350; }
.thread-4 { fill: #9c3f95; } .thread-5 { fill: #6d6413; } .thread-6 { fill: #4b57b8; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; color: #f0f0f0; }
  .failed { fill: #ff7b72; }
  .thread-1 { fill: #62b5f5; } .thread-2 { fill: #f5a84c; } .thread-3 { fill: #45cf9c; }
  .thread-4 { fill: #e598df; } .thread-5 { fill: #cfc25a; } .thread-6 { fill: #a3aef5; }
}
";
const COLOURS: usize = 6;

impl Waterfall {
    /// The whole file. `program` is what has downloaded the flags.
    pub(crate) fn to_svg(&self, program: &str) -> String {
        let rows = self.rows.len().max(1) as f64;
        let row_height = (BARS_HEIGHT / rows).clamp(LOWEST_ROW, HIGHEST_ROW);
        let bottom = TOP + rows * row_height;
        let height = bottom + FOOT;
        let flags = plural(self.flags, "flag");
        let title =
            format!("{program}: {} {flags} in {}", self.flags, in_words(self.elapsed));

        let mut document = Document::new()
            .set("viewBox", (0, 0, WIDTH, height))
            .set("role", "img")
            .set("aria-labelledby", "title description")
            .add(Title::new(title.as_str()).set("id", "title"))
            .add(
                Description::new()
                    .set("id", "description")
                    .add(svg::node::Text::new(self.description())),
            )
            .add(Style::new(STYLE))
            .add(text(MARGIN, 56.0, title).set("class", "title"))
            .add(legend());
        for (time, label) in self.time_axis().ticks(MOST_TICKS) {
            let x = LEFT + self.time_axis().place(time, BARS_WIDTH);
            let line = Line::new().set("x1", x).set("x2", x).set("y1", TOP - 8.0);
            document = document
                .add(line.set("y2", bottom + 8.0).set("class", "line"))
                .add(text(x, bottom + 30.0, label).set("text-anchor", "middle"));
        }
        // With many rows not every one has room for its name.
        let named = (LABEL_HEIGHT / row_height).ceil() as usize;
        for (number, row) in self.rows.iter().enumerate() {
            let top = TOP + number as f64 * row_height;
            if number % named == 0 {
                let name = format!("{} {:>3}", row.code, row.thread);
                let baseline = top + row_height / 2.0 + 6.0;
                document = document
                    .add(text(LEFT - 14.0, baseline, name).set("text-anchor", "end"));
            }
            document = document.add(self.group(row, top, row_height));
        }
        document.add(text(MARGIN, height - 20.0, self.summary())).to_string() + "\n"
    }

    /// For those who cannot see the picture.
    fn description(&self) -> String {
        let threads = plural(self.threads, "thread");
        let drawn = match self.rows.len() {
            rows if rows < self.flags => {
                format!(" {rows} of them are drawn, evenly spread.")
            }
            _ => String::new(),
        };
        format!(
            "A bar for each flag, from the moment when its download began to the moment \
             when it was saved, in the order of their beginning, on {} {threads}.{drawn} \
             {}",
            self.threads,
            self.summary()
        )
    }

    /// The bar of one flag, with its parts and what a pointer over it shows.
    fn group(&self, row: &Row, top: f64, height: f64) -> Group {
        let place = |moment| LEFT + self.time_axis().place(moment, BARS_WIDTH);
        let start = place(row.started).min(LEFT + BARS_WIDTH - NARROWEST);
        let end = place(row.ended).max(start + NARROWEST);
        // What failed may have received something, and need not.
        let narrowest = if row.error.is_none() { NARROWEST } else { 0.0 };
        // Not `clamp`, which panics when rounding has put its two bounds in disorder.
        let first_byte = place(row.first_byte).max(start).min(end - narrowest);
        // A gap between two bars, where there is room for one.
        let bar_height = if height > 6.0 { height - 4.0 } else { height };
        let part = |from: f64, to: f64| {
            Rectangle::new()
                .set("x", from)
                .set("y", top)
                .set("width", to - from)
                .set("height", bar_height)
        };
        let colour = (row.thread - 1) % COLOURS + 1;
        let mut group = Group::new()
            .set("class", format!("thread-{colour}"))
            .add(Title::new(row.description()))
            .add(part(start, first_byte).set("class", "waiting"));
        if end > first_byte {
            group = group.add(part(first_byte, end));
        }
        if row.error.is_some() {
            let mark = text(end + 4.0, top + height / 2.0 + 6.0, "×");
            group = group.add(mark.set("class", "failed"));
        }
        group
    }
}

impl Row {
    fn description(&self) -> String {
        let Self { code, thread, started, .. } = self;
        let took = in_words(self.ended.saturating_sub(*started));
        let waited = in_words(self.first_byte.saturating_sub(*started));
        let started = in_words(*started);
        let what = match &self.error {
            None => format!("{took} from {started} on, {waited} of it waiting"),
            Some(error) => format!("{error} after {took}, from {started} on"),
        };
        format!("{code}: {what}, thread {thread}")
    }
}

/// What the parts of a bar mean.
fn legend() -> Group {
    let sample = |x: f64| {
        let sample = Rectangle::new().set("x", x).set("y", 82).set("class", "thread-1");
        sample.set("width", 28).set("height", 16)
    };
    let word = |x: f64, words| text(x, 96.0, words);
    Group::new()
        .add(word(MARGIN, "flag, thread"))
        .add(Group::new().set("class", "waiting").add(sample(190.0)))
        .add(word(228.0, "waiting for the first byte"))
        .add(sample(480.0))
        .add(word(518.0, "receiving and saving"))
        .add(word(730.0, "×").set("class", "failed"))
        .add(word(750.0, "no flag"))
}

fn text(x: f64, y: f64, content: impl Into<String>) -> Text {
    Text::new(content).set("x", x).set("y", y)
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::testing::waterfall;

    fn number(node: Node, name: &str) -> f64 {
        node.attribute(name).unwrap().parse().unwrap()
    }

    #[test]
    fn each_flag_has_a_bar_with_a_title_on_one_axis() {
        let svg = waterfall().to_svg("flags-async");
        let document = Document::parse(&svg).unwrap();
        let bars: Vec<_> = document
            .descendants()
            .filter(|node| {
                node.has_tag_name("g")
                    && node.children().any(|child| child.has_tag_name("title"))
            })
            .collect();
        let titles: Vec<_> = bars
            .iter()
            .map(|bar| bar.first_element_child().unwrap().text().unwrap().trim())
            .collect();
        assert_eq!(
            titles,
            [
                "BR: 0.80 s from 0.0 ms on, 0.40 s of it waiting, thread 1",
                "ZZ: not found after 0.40 s, from 0.20 s on, thread 2",
                "CN: 0.20 s from 0.80 s on, 0.10 s of it waiting, thread 1",
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
        assert!(spans.eq([(0.0, 800.0), (200.0, 600.0), (800.0, 1000.0)]));
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
    fn hundreds_of_rows_share_the_height_of_a_screen() {
        let mut waterfall = waterfall();
        let first = waterfall.rows.remove(0);
        for code in crate::countries::ALL {
            waterfall.rows.push(Row { code, error: None, ..first });
        }
        let svg = waterfall.to_svg("flags-async");
        let document = Document::parse(&svg).unwrap();
        let view_box = document.root_element().attribute("viewBox").unwrap();
        let height: f64 = view_box.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(height <= WIDTH * 0.75, "{height}");
    }
}
