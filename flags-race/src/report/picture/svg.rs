//! The picture as an SVG file.

mod band;
#[cfg(test)]
mod tests;

use std::time::Duration;

use flags_common::TimeAxis;
use svg::node::element::{Group, TSpan};

use self::band::{Layout, NARROWEST, Scale};
use super::{Picture, limit_in_words, replay};
use crate::report::draw::{
    MARGIN, WIDTH, document, rectangle, text, text_before, upright,
};

const HEIGHT: f64 = 1080.0;
/// Where the bars begin and where the longest run ends: right of the names, and left of
/// its own time.
const LEFT: f64 = 570.0;
const RIGHT: f64 = 1580.0;
const TOP: f64 = 150.0;
/// What stands below the bars: the limit, and the conclusion.
const FOOT: f64 = 116.0;
const GAP: f64 = 26.0;
/// A lane is as high as there is room for, up to this, and the same in all runs.
const HIGHEST_LANE: f64 = 26.0;
/// For so many flags that there is no room, and the picture is higher than a screen.
const THINNEST_LANE: f64 = 0.2;
const MOST_TICKS: u32 = 9;

impl Picture<'_> {
    /// The whole file. One that `moves` shows how the picture comes about, in real time.
    pub(crate) fn to_svg(&self, moves: bool) -> String {
        let longest = self.longest().max(1e-3);
        let scale = Scale { longest };
        let style = if moves {
            // The conclusion is the last that is told.
            let ends = self.bands.iter().map(|band| band.elapsed).chain([longest]);
            replay::style(longest, RIGHT - LEFT, &ends.collect::<Vec<_>>())
        } else {
            String::new()
        };
        let lane = self.lane_height();
        let heights = self.bands.iter().map(|band| Layout::new(band, lane).height + GAP);
        let bottom = (TOP + heights.sum::<f64>()).max(HEIGHT - FOOT);

        let (mut waits, mut names, mut ends) = (Group::new(), Group::new(), Group::new());
        let told_last = format!("told-{}", self.bands.len());
        let mut comparisons = Group::new().set("class", told_last.as_str());
        let mut top = TOP;
        for (number, band) in self.bands.iter().enumerate() {
            let layout = Layout::new(band, lane);
            waits = waits.add(band.waits(&scale, top + layout.lanes_top, lane));
            waits = waits.add(band.work(&scale, top, &layout));
            names = names.add(band.words(top, &layout));
            let end = band.end(&scale, top, &layout);
            ends = ends.add(end.set("class", format!("told-{number}")));
            if let Some(comparison) = band.comparison(&scale, top) {
                comparisons = comparisons.add(comparison);
            }
            top += layout.height + GAP;
        }
        let mut picture =
            document(bottom + FOOT, &self.title, &self.description(), &style)
                .add(self.legend())
                .add(waits);
        if moves {
            // Wide enough to cover all that is right of the cursor.
            let x = (LEFT - 2.0, WIDTH);
            picture = picture
                .add(rectangle("curtain", x, TOP - 4.0, bottom - TOP + 8.0))
                .add(upright("end cursor", LEFT, (TOP - 10.0, bottom)));
        }
        picture =
            picture.add(axis(longest, bottom)).add(names).add(ends).add(comparisons);
        if let Some(limit) = self.limit.filter(|&limit| limit <= longest) {
            let x = scale.x(limit);
            let words = limit_in_words(limit);
            picture = picture.add(upright("limit", x, (TOP - 10.0, bottom + 34.0))).add(
                if x < f64::midpoint(LEFT, RIGHT) {
                    text("large", x + 12.0, bottom + 34.0, words)
                } else {
                    text_before("large", x - 12.0, bottom + 34.0, words)
                },
            );
        }
        let (conclusion, more) = self.conclusion();
        let more = TSpan::new(more).set("class", "besides plain");
        let conclusion = text("", MARGIN, bottom + FOOT - 32.0, conclusion);
        let conclusion = conclusion.set("class", format!("large bold {told_last}"));
        picture.add(conclusion.add(more)).to_string() + "\n"
    }

    /// The height that a lane can have such that all runs are on one screen.
    fn lane_height(&self) -> f64 {
        let room = HEIGHT - FOOT - TOP;
        let fits = |lane: &f64| {
            let heights =
                self.bands.iter().map(|band| Layout::new(band, *lane).height + GAP);
            heights.sum::<f64>() <= room
        };
        let heights = (0..250).map(|step| HIGHEST_LANE * 0.98_f64.powi(step));
        { heights }.find(fits).unwrap_or(THINNEST_LANE)
    }

    /// What the marks mean.
    fn legend(&self) -> Group {
        let y = 40.0;
        let word = |x: f64, word| text("", x, y + 24.0, word);
        let mut legend = Group::new()
            .add(rectangle("waits", (1448.0, 1494.0), y, 28.0))
            .add(word(1506.0, "waiting"))
            .add(rectangle("works", (1700.0, 1700.0 + NARROWEST), y, 28.0))
            .add(word(1718.0, "working"));
        if self.bands.iter().any(|band| band.failure.is_some()) {
            let sample = rectangle("failed", (1278.0, 1324.0), y, 28.0);
            legend = legend.add(sample).add(word(1336.0, "failed"));
        }
        legend
    }
}

fn axis(longest: f64, bottom: f64) -> Group {
    let axis = TimeAxis::new(Duration::from_secs_f64(longest / 1000.0));
    let ticks = axis.ticks(MOST_TICKS).into_iter().enumerate();
    ticks.fold(Group::new(), |group, (number, (moment, label))| {
        let x = LEFT + axis.place(moment, RIGHT - LEFT);
        let besides = if number % 2 == 0 { "" } else { "besides" };
        group
            .add(upright("line", x, (TOP - 10.0, bottom)))
            .add(text(besides, x, TOP - 22.0, label).set("text-anchor", "middle"))
    })
}
