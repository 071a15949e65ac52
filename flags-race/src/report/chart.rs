//! The result as a picture: time against the number of flags, both on scales where the
//! same distance is the same factor. Lines that keep their distance are then programs of
//! which one is always the same number of times as fast as the other.

use std::iter::{self, repeat};

use plotters::coord::combinators::BindKeyPoints;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::curves::{Curve, GREY, curves, limit};
use crate::figures::time;
use crate::result::Results;

/// The size of the picture. It is scaled to wherever it is shown.
const SIZE: (u32, u32) = (1280, 760);

// A background of its own, so that it is as readable on a dark page as on a light one.
const BACKGROUND: RGBColor = RGBColor(255, 255, 255);
const TEXT: RGBColor = RGBColor(31, 41, 51);
const GRID: RGBColor = RGBColor(225, 229, 234);

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChartError {
    #[error("cannot draw the chart: there is no run that counts")]
    Nothing,
    #[error("cannot draw the chart: {0}")]
    Drawing(String),
}

/// The picture as SVG. With `in_delays`, times are counted in mean delays and not in
/// seconds, because the delays differ from one number of flags to the next.
pub(crate) fn svg(results: &[Results], in_delays: bool) -> Result<String, ChartError> {
    let unit = |results: &Results| {
        if in_delays { results.distance.mean().as_secs_f64() } else { 1.0 }
    };
    let curves = curves(results, unit);
    let limit = limit(results, unit);
    if curves.is_empty() {
        return Err(ChartError::Nothing);
    }
    let mut text = String::new();
    let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
    draw(&root, &curves, limit.as_ref(), in_delays)
        .and_then(|()| root.present())
        .map_err(|error| ChartError::Drawing(error.to_string()))?;
    drop(root);
    Ok(text)
}

/// Text to the right of its point.
fn text(size: u32, colour: &RGBColor) -> TextStyle<'_> {
    let anchor = Pos::new(HPos::Left, VPos::Center);
    TextStyle::from(("sans-serif", size).into_font()).color(colour).pos(anchor)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type DrawingError<'a> =
    DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn draw<'a>(
    root: &Area<'a>,
    curves: &[Curve],
    limit: Option<&Curve>,
    in_delays: bool,
) -> Result<(), DrawingError<'a>> {
    root.fill(&BACKGROUND)?;
    let title = "Time to download flags, from the start of a process to its end";
    root.draw(&Text::new(title, (40, 44), text(32, &TEXT)))?;
    let explanation = if in_delays {
        "The more flags, the shorter the delays, so times are counted in mean delays."
    } else {
        "Both scales are logarithmic: the same distance is the same factor."
    };
    root.draw(&Text::new(explanation, (40, 84), text(23, &GREY)))?;

    let all = || curves.iter().chain(limit);
    let (x_range, x_marks) =
        scale(all().flat_map(|curve| curve.points.iter().map(|point| point.0)));
    let (y_range, _) =
        scale(all().flat_map(|curve| curve.points.iter().flat_map(|point| point.1)));
    let y_marks = round_numbers(y_range.0, y_range.1);
    let mut chart = ChartBuilder::on(root)
        .margin_top(115)
        .margin_right(300)
        .margin_bottom(20)
        .margin_left(25)
        .x_label_area_size(70)
        .y_label_area_size(100)
        .build_cartesian_2d(
            (x_range.0..x_range.1).log_scale().with_key_points(x_marks),
            (y_range.0..y_range.1).log_scale().with_key_points(y_marks),
        )?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(TEXT)
        .label_style(("sans-serif", 22).into_font().color(&TEXT))
        .axis_desc_style(("sans-serif", 22).into_font().color(&TEXT))
        .x_desc("flags")
        .y_desc(if in_delays { "time in mean delays" } else { "time" })
        .x_label_formatter(&|flags| format!("{flags:.0}"))
        .y_label_formatter(&|number| {
            if in_delays { number.to_string() } else { time(*number) }
        })
        .draw()?;

    if let Some(limit) = limit {
        let medians = limit.points.iter().map(|(flags, point)| (*flags, point[1]));
        let style = limit.colour.stroke_width(2);
        chart.draw_series(DashedLineSeries::new(medians, 8, 7, style))?;
    }
    // Lines that lie on one another become thinner, so that all can be seen.
    for (curve, thinner) in curves.iter().zip([0, 1, 2].into_iter().chain(repeat(2))) {
        for &(flags, [fastest, _, slowest]) in &curve.points {
            let spread = [(flags, fastest), (flags, slowest)];
            let style = curve.colour.mix(0.35).stroke_width(14);
            chart.draw_series(iter::once(PathElement::new(spread, style)))?;
        }
        let medians = || curve.points.iter().map(|(flags, point)| (*flags, point[1]));
        chart.draw_series(LineSeries::new(
            medians(),
            curve.colour.stroke_width(5 - thinner),
        ))?;
        let dot = |point| Circle::new(point, 9 - 2 * thinner, curve.colour.filled());
        chart.draw_series(medians().map(dot))?;
    }

    let end = |curve: &Curve| {
        let (flags, point) = curve.points.last().expect("no curve is without points");
        chart.backend_coord(&(*flags, point[1]))
    };
    let mut labels: Vec<_> = all().map(|curve| (end(curve), curve)).collect();
    labels.sort_by_key(|(end, _)| end.1);
    let heights = apart(labels.iter().map(|(end, _)| end.1).collect(), 30);
    for (((x, y), curve), height) in labels.into_iter().zip(heights) {
        let x = x.max(0);
        let line = [(x + 10, y), (x + 34, height)];
        root.draw(&PathElement::new(line, curve.colour.mix(0.6).stroke_width(1)))?;
        let label = format!("{} {}", curve.name, curve.label);
        root.draw(&Text::new(label, (x + 40, height), text(24, &curve.colour)))?;
    }
    Ok(())
}

/// A range with some room at its ends, and all different numbers in it.
fn scale(numbers: impl Iterator<Item = f64>) -> ((f64, f64), Vec<f64>) {
    let mut numbers: Vec<f64> = numbers.filter(|&number| number > 0.0).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let (first, last) = (numbers.first(), numbers.last());
    let range =
        first.zip(last).map_or((1.0, 10.0), |(first, last)| (first / 1.4, last * 1.4));
    (range, numbers)
}

/// 1, 2 and 5, 10, 20 and 50 and so on, as far as they are in the range.
fn round_numbers(from: f64, to: f64) -> Vec<f64> {
    let powers = (-9..=9).map(|power| 10_f64.powi(power));
    let numbers = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * power));
    numbers.filter(|number| (from..=to).contains(number)).collect()
}

/// Moves `heights`, the smallest first, so that each is at least `gap` below the one
/// before, and as few as possible are moved far.
fn apart(mut heights: Vec<i32>, gap: i32) -> Vec<i32> {
    for _ in 0..100 {
        for lower in 1..heights.len() {
            let missing = gap - (heights[lower] - heights[lower - 1]);
            if missing > 0 {
                heights[lower - 1] -= missing / 2;
                heights[lower] += missing - missing / 2;
            }
        }
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::results;
    use crate::run::Run;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    fn drawn(runs: &[Run], in_delays: bool) -> Result<Vec<String>, ChartError> {
        Ok(texts(&svg(&results(&race(), runs), in_delays)?))
    }

    fn texts(svg: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(svg).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.filter_map(|node| Some(node.text()?.trim().to_owned())).collect()
    }

    #[test]
    fn every_line_is_named_with_its_figures() {
        let texts = drawn(&[run(SEQ, 1, 6.0), run(ASYNC, 1, 0.6)], true).unwrap();
        for expected in
            ["seq 6.00 s", "async 600 ms, 10.0× as fast", "limit 500 ms", "20"]
        {
            assert!(texts.contains(&expected.to_owned()), "{expected}: {texts:?}");
        }
    }

    #[test]
    fn what_failed_is_not_drawn() {
        let runs = [failed_run(SEQ, 1, "no disk"), run(ASYNC, 1, 0.6)];
        let texts = drawn(&runs, false).unwrap();
        assert!(texts.contains(&"async 600 ms".to_owned()), "{texts:?}");
        assert!(!texts.iter().any(|text| text.starts_with("seq")), "{texts:?}");
        assert!(matches!(drawn(&runs[..1], false), Err(ChartError::Nothing)));
    }

    #[test]
    fn labels_keep_their_order_and_stand_apart() {
        assert_eq!(apart(vec![100, 200], 30), [100, 200]);
        let moved = apart(vec![100, 101, 102, 300], 30);
        assert!(moved.windows(2).all(|pair| pair[1] - pair[0] >= 28), "{moved:?}");
        assert_eq!(moved[3], 300);
    }
}
