//! The curves of the picture: who took how long for how many flags.
//!
//! Times are in the unit that the picture asks for.

use plotters::style::RGBColor;

use crate::figures::{time, times};
use crate::result::{Line, Results};

/// The colour of the limit, and of what is said besides.
pub(crate) const GREY: RGBColor = RGBColor(95, 104, 115);

/// Colours that are told apart by those who do not see all colours, too (Okabe and Ito,
/// "Color Universal Design", 2008), darkened until they stand out from the background.
const COLOURS: [RGBColor; 6] = [
    RGBColor(200, 80, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 130, 95),
    RGBColor(176, 78, 140),
    RGBColor(120, 94, 0),
    RGBColor(60, 60, 60),
];

/// One line of the picture.
pub(crate) struct Curve {
    pub(crate) colour: RGBColor,
    pub(crate) name: String,
    /// The newest figures, beside the end of the line.
    pub(crate) label: String,
    /// The number of flags, and the time: fastest, median and slowest.
    pub(crate) points: Vec<(f64, [f64; 3])>,
}

/// The curves of all contestants that have any points.
pub(crate) fn curves(results: &[Results], unit: impl Fn(&Results) -> f64) -> Vec<Curve> {
    let lines = results.first().map_or(0, |results| results.lines.len());
    let curve = |number: usize| {
        let points = results.iter().filter_map(|results| {
            let spread = results.lines[number].seconds?;
            let seconds = [spread.fastest, spread.median, spread.slowest];
            let point = seconds.map(|seconds| seconds / unit(results));
            Some((flags(results), point))
        });
        let last = results.iter().map(|results| &results.lines[number]);
        let last = last.rev().find(|line| line.seconds.is_some())?;
        Some(Curve {
            colour: COLOURS[number % COLOURS.len()],
            name: last.contestant.name.clone(),
            label: label(last),
            points: points.collect(),
        })
    };
    (0..lines).filter_map(curve).collect()
}

/// The largest delay as a line, of which the median is all that is used.
pub(crate) fn limit(
    results: &[Results],
    unit: impl Fn(&Results) -> f64,
) -> Option<Curve> {
    let points = results.iter().filter_map(|results| {
        Some((flags(results), [results.limit? / unit(results); 3]))
    });
    let last = results.iter().rev().find_map(|results| results.limit)?;
    Some(Curve {
        colour: GREY,
        name: "limit".to_owned(),
        label: time(last),
        points: points.collect(),
    })
}

fn label(line: &Line) -> String {
    let median = line.seconds.map(|spread| time(spread.median));
    let speed_up = line.speed_up.filter(|_| !line.contestant.is_sequential());
    let speed_up = speed_up.map(|speed_up| format!("{} as fast", times(speed_up)));
    median.into_iter().chain(speed_up).collect::<Vec<_>>().join(", ")
}

#[expect(clippy::cast_precision_loss, reason = "no race has 2^52 flags")]
fn flags(results: &Results) -> f64 {
    results.distance.flags as f64
}
