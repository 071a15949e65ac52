//! What the parts of a bar look like: waiting, a turn, nothing, and the ways in which a
//! flag can be lost.

use svg::node::element::{Definitions, Group, Path, Pattern, Rectangle};

use super::{Row, Waterfall};
use crate::report::sheet::{self, MARGIN, hue, text};
use crate::report::timeline::Outcome;

/// Besides those of every sheet.
pub(super) const STYLE: &str = "
.hair { stroke: currentColor; stroke-width: 0.9; }
.frame { fill: none; stroke: #6b7178; }
.failure { fill: url(#hatch); stroke: currentColor; }
.stripes { fill: url(#hatch); }
.turn { fill: url(#dots); stroke: currentColor; }
.idle { fill: none; stroke: currentColor; stroke-dasharray: 5 5; }
.stripe { fill: #b3261e; }
.dot { fill: #1a1a1a; }
.mark { fill: none; stroke: #b3261e; stroke-width: 2.5; }
.word { fill: #b3261e; font-weight: 600; }
.plate { fill: #fff; }
@media (prefers-color-scheme: dark) {
.stripe { fill: #ff8a80; }
.dot { fill: #f0f0f0; }
.mark { stroke: #ff8a80; }
.word { fill: #ff8a80; }
.plate { fill: #14161a; }
}
";

/// What the parts of a bar mean.
pub(super) fn legend(waterfall: &Waterfall) -> Group {
    let mut legend = Group::new()
        .set("class", hue(1))
        .add(sheet::sample(MARGIN, "waits", "waiting for the first byte"))
        .add(sheet::sample(320.0, "works", "receiving and saving"));
    let mut x = 590.0;
    for (outcome, name) in [
        (Outcome::NotFound, "not found"),
        (Outcome::Failed, "error"),
        (Outcome::TimedOut, "timed out"),
        (Outcome::GivenUp, "given up"),
    ] {
        let is_one =
            |row: &&Row| row.lost.as_ref().is_some_and(|lost| lost.outcome == outcome);
        let number = waterfall.rows.iter().filter(is_one).count();
        if number == 0 {
            continue;
        }
        // Where only some of the flags are known, so is their number.
        let words = match waterfall.every {
            1 => format!("{name}: {number}"),
            _ => name.to_owned(),
        };
        legend =
            legend.add(mark(outcome, x + 5.0, 103.0)).add(text(x + 18.0, 109.0, words));
        x += 160.0;
    }
    legend
}

/// The mark of a flag that was lost in this way, around this point. They differ in their
/// shapes, and not in a colour.
pub(super) fn mark(outcome: Outcome, x: f64, y: f64) -> Path {
    let shape = match outcome {
        // A circle: nothing is there.
        Outcome::NotFound => "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
        // An hourglass.
        Outcome::TimedOut => "m-5 -6h10l-10 12h10z",
        // A stroke.
        Outcome::GivenUp => "m-5 6l10 -12",
        // A cross.
        Outcome::Failed | Outcome::Downloaded => "m-5 -5l10 10m0 -10l-10 10",
    };
    Path::new().set("d", format!("M{x:.1} {y:.1}{shape}")).set("class", "mark")
}

/// The hatching of what has failed, and the dots of what waits for its turn.
pub(super) fn patterns() -> Definitions {
    let pattern = |id, size: f64, part: Rectangle| {
        Pattern::new()
            .set("id", id)
            .set("width", size)
            .set("height", size)
            .set("patternUnits", "userSpaceOnUse")
            .set("patternTransform", "rotate(45)")
            .add(part)
    };
    let part = |width: f64, height: f64, class| {
        let part = Rectangle::new().set("width", width).set("height", height);
        part.set("class", class)
    };
    Definitions::new().add(pattern("hatch", 9.0, part(3.0, 9.0, "stripe"))).add(pattern(
        "dots",
        6.0,
        part(2.0, 2.0, "dot"),
    ))
}
