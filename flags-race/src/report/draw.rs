//! What the pictures of the race have in common: a screen of 1920 pixels, letters that
//! can be read from the last row of a class, and the marks.
//!
//! Waiting is pale with an outline, work is dark, and failure is hatched, in each picture
//! of this workspace. Each mark stands out without its colour, too.

use svg::Document;
use svg::node::element::{
    Definitions, Description, Line, Path, Pattern, Rectangle, Style, Text, Title,
};

/// All lengths are those of a screen that is this wide.
pub(super) const WIDTH: f64 = 1920.0;
pub(super) const MARGIN: f64 = 40.0;

/// On a narrow screen letters are larger than what is around them, and what is said
/// besides is left out.
const STYLE: &str = "
svg { background: #fff; color: #16202b; font: 27px system-ui, sans-serif; }
text { fill: currentColor; }
.title { font-size: 46px; font-weight: 700; }
.name { font-size: 38px; font-weight: 700; }
.time { font-size: 60px; font-weight: 700; }
.large { font-size: 34px; }
.bold { font-weight: 700; }
.plain { font-size: 30px; font-weight: 400; }
.light { font-weight: 400; }
.line { stroke: currentColor; stroke-opacity: 0.22; stroke-width: 2; }
.end { stroke: currentColor; stroke-width: 4; }
.limit { stroke: currentColor; stroke-width: 4; stroke-dasharray: 10 8; }
.waits { fill: #d3e3f2; stroke: #0b62a4; stroke-width: 1.5; }
.works { fill: #08395f; }
.sleeps { fill: #f3f5f7; stroke: #74818e; stroke-width: 1; }
.between { stroke: currentColor; stroke-opacity: 0.22; stroke-width: 1; }
.whole { fill: #6f7b88; }
.failed { fill: url(#hatch); stroke: #b3261e; stroke-width: 2; }
.hatch { stroke: #b3261e; stroke-width: 4; fill: none; }
.failure { fill: #b3261e; font-weight: 700; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; color: #f0f0f0; }
  .waits { fill: #17324a; stroke: #62b5f5; }
  .works { fill: #d6ecfe; }
  .sleeps { fill: #1c2026; stroke: #808d9a; }
  .failed, .hatch { stroke: #ff8a80; }
  .failure { fill: #ff8a80; }
}
@media (max-width: 800px) {
  svg { font-size: 46px; }
  .title { font-size: 62px; }
  .name, .large { font-size: 52px; }
  .time { font-size: 78px; }
  .besides { display: none; }
}
";

/// A picture of this height, with a title and a text for those who cannot see it.
pub(super) fn document(
    height: f64,
    title: &str,
    description: &str,
    style: &str,
) -> Document {
    let hatch =
        Path::new().set("class", "hatch").set("d", "M-3 3L3 -3M-3 15L15 -3M9 15L15 9");
    let hatch = Pattern::new().set("id", "hatch").add(hatch);
    let hatch = hatch.set("width", 12).set("height", 12);
    let description = svg::node::Text::new(description);
    Document::new()
        .set("viewBox", (0, 0, WIDTH, px(height)))
        .set("role", "img")
        .set("aria-labelledby", "title description")
        .add(Title::new(title).set("id", "title"))
        .add(Description::new().set("id", "description").add(description))
        .add(Style::new(format!("{STYLE}{style}")))
        .add(Definitions::new().add(hatch.set("patternUnits", "userSpaceOnUse")))
        .add(text("title", MARGIN, 66.0, title))
}

/// A length as it is written: more digits than a tenth of a pixel are not seen.
pub(super) fn px(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

pub(super) fn text(class: &str, x: f64, y: f64, content: impl Into<String>) -> Text {
    Text::new(content).set("class", class).set("x", px(x)).set("y", px(y))
}

/// Text that ends at `x`.
pub(super) fn text_before(
    class: &str,
    x: f64,
    y: f64,
    content: impl Into<String>,
) -> Text {
    text(class, x, y, content).set("text-anchor", "end")
}

/// Both ends are rounded and not the length, so that what touches does so in the picture.
pub(super) fn rectangle(class: &str, x: (f64, f64), y: f64, height: f64) -> Rectangle {
    let rectangle = Rectangle::new().set("class", class).set("height", px(height));
    let (from, to) = (px(x.0), px(x.1));
    rectangle.set("x", from).set("y", px(y)).set("width", px(to - from))
}

/// A line from the top to the bottom.
pub(super) fn upright(class: &str, x: f64, y: (f64, f64)) -> Line {
    let line = Line::new().set("class", class).set("x1", px(x)).set("x2", px(x));
    line.set("y1", px(y.0)).set("y2", px(y.1))
}

/// A line from the left to the right.
pub(super) fn across(class: &str, x: (f64, f64), y: f64) -> Line {
    let line = Line::new().set("class", class).set("x1", px(x.0)).set("x2", px(x.1));
    line.set("y1", px(y)).set("y2", px(y))
}
