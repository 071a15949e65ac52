//! How many flags were in flight, as a curve: of thousands of flags no row could be seen.

use std::time::Duration;

use svg::node::element::{Group, Line, Path, Title};

use super::{Row, Waterfall};
use crate::report::sheet::{BARS_WIDTH, LEFT, MARGIN, WIDTH, hue, label, text};

/// The curve has a step for every two pixels.
const STEPS: usize = (BARS_WIDTH / 2.0) as usize;

/// The curve, with this top and height.
pub(super) fn crowd(waterfall: &Waterfall, (top, height): (f64, f64)) -> Group {
    let (in_flight, at_work) = (
        numbers(waterfall, |row| (row.started, row.ended)),
        numbers(waterfall, |row| (row.first_byte, row.ended)),
    );
    // Where only some of the flags are known, their number may be too high by chance.
    let largest = waterfall.largest_in_flight as f64;
    let most = in_flight.iter().copied().fold(largest, f64::max);
    let area = |numbers: &[f64], class| {
        let step = BARS_WIDTH / numbers.len() as f64;
        let bottom = top + height;
        let to_next = |(number, value): (u32, &f64)| {
            let x = LEFT + step * f64::from(number);
            format!("V{:.1}H{x:.1}", bottom - height * value / most)
        };
        let steps: String = (1..).zip(numbers).map(to_next).collect();
        let outline = format!("M{LEFT:.1} {bottom:.1}{steps}V{bottom:.1}z");
        Path::new().set("d", outline).set("class", class)
    };
    let line = Line::new().set("x1", LEFT).set("x2", WIDTH - MARGIN).set("class", "line");
    let highest = top + height * (1.0 - largest / most);
    Group::new()
        .set("class", hue(1))
        .add(Title::new(waterfall.in_flight()))
        .add(area(&in_flight, "waits"))
        .add(area(&at_work, "works"))
        .add(line.set("y1", highest).set("y2", highest))
        .add(label(highest, waterfall.largest_in_flight.to_string()))
        .add(text(MARGIN, top + height / 2.0, "in flight"))
        .add(label(top + height - 6.0, "0"))
}

/// How many flags on average were in such a span during each step.
fn numbers(
    waterfall: &Waterfall,
    span: impl Fn(&Row) -> (Duration, Duration),
) -> Vec<f64> {
    let axis = waterfall.time_axis();
    let mut numbers = vec![0.0; STEPS];
    for row in &waterfall.rows {
        let (from, to) = span(row);
        let [from, to] = [from, to].map(|moment| axis.place(moment, STEPS as f64));
        for (step, number) in numbers.iter_mut().enumerate().skip(from as usize) {
            let step = step as f64;
            if step >= to {
                break;
            }
            *number += (to.min(step + 1.0) - from.max(step)) * waterfall.every as f64;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::waterfall;

    #[test]
    fn it_is_the_number_in_flight_at_each_moment() {
        let numbers = numbers(&waterfall(), |row| (row.started, row.ended));
        // One, from 0.2 to 0.6 s two, and one again.
        for (milliseconds, number) in [(100, 1.0), (300, 2.0), (700, 1.0), (900, 1.0)] {
            let found = numbers[milliseconds * STEPS / 1000];
            assert!((found - number).abs() < 1e-9, "{found} at {milliseconds} ms");
        }
        let sum: f64 = numbers.iter().sum();
        assert!((sum / STEPS as f64 - 1.4).abs() < 1e-6, "{sum}");
    }
}
