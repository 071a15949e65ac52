//! The result as a picture: bars for each number of flags, all on one scale of time, so
//! that what is twice as long took twice as long.

use std::time::Duration;

use flags_common::TimeAxis;
use svg::Document;
use svg::node::element::{Group, TSpan, Text};

use super::draw::{
    MARGIN, WIDTH, across, document, rectangle, text, text_before, upright,
};
use super::table;
use crate::figures::{time, times};
use crate::result::{Line, Results};

const TITLE: &str = "Time to download flags";
/// Where the bars begin and where the longest ends: right of the names, and left of its
/// own label.
const LEFT: f64 = 300.0;
const RIGHT: f64 = 1300.0;
/// Where the first number of flags stands: below the title, the legend and the axis.
const TOP: f64 = 240.0;
/// Where it says what the spread is.
const SPREAD: f64 = 164.0;
const HEADING: f64 = 64.0;
const ROW: f64 = 60.0;
const BAR: f64 = 42.0;
const GAP: f64 = 34.0;
const MOST_TICKS: u32 = 8;

/// There is no run that counts.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the chart: there is no run that counts")]
pub(crate) struct NothingToDraw;

/// The picture as SVG.
pub(crate) fn svg(results: &[Results]) -> Result<String, NothingToDraw> {
    let lines = || results.iter().flat_map(|results| &results.lines);
    let longest = lines().filter_map(|line| Some(line.seconds?.slowest));
    let longest = longest.max_by(f64::total_cmp).ok_or(NothingToDraw)?;
    let rounds = lines().map(|line| line.runs).max().unwrap_or(0);
    let axis = TimeAxis::new(Duration::from_secs_f64(longest));
    let panels: Vec<_> = results.iter().filter(|results| results.has_begun()).collect();

    let height = |results: &Results| HEADING + ROW * count(results.lines.len()) + GAP;
    let bottom = TOP + panels.iter().map(|results| height(results)).sum::<f64>() - GAP;
    let mut picture = document(bottom + MARGIN, TITLE, &description(&panels), "");
    picture = legend(picture, rounds);
    for (number, (moment, label)) in axis.ticks(MOST_TICKS).into_iter().enumerate() {
        let x = LEFT + axis.place(moment, RIGHT - LEFT);
        let besides = if number % 2 == 0 { "" } else { "besides" };
        picture = picture
            .add(upright("line", x, (TOP - 20.0, bottom)))
            .add(text(besides, x, TOP - 32.0, label).set("text-anchor", "middle"));
    }
    let mut top = TOP;
    for results in panels {
        picture = picture.add(panel(results, top, longest));
        top += height(results);
    }
    Ok(picture.to_string() + "\n")
}

/// What the marks mean.
fn legend(picture: Document, rounds: usize) -> Document {
    let y = 124.0;
    let meaning = "nobody can be faster than the longest delay, or than all of them \
                   together when one flag is asked for at a time";
    let meaning = TSpan::new(format!("– {meaning}")).set("class", "besides");
    let scale = "from the start of a process to its end";
    let picture = picture
        .add(text_before("besides", WIDTH - MARGIN, 66.0, scale))
        .add(upright("limit", MARGIN + 8.0, (y - 26.0, y + 8.0)))
        .add(text("", MARGIN + 30.0, y, "limit").add(meaning));
    if rounds < 2 {
        return picture;
    }
    let spread = format!("fastest to slowest of {rounds} runs");
    picture
        .add(whisker((MARGIN, MARGIN + 60.0), SPREAD - 10.0).set("class", "besides"))
        .add(text("besides", MARGIN + 80.0, SPREAD, spread))
}

/// All contestants over one distance.
fn panel(results: &Results, top: f64, longest: f64) -> Group {
    let heading = table::heading(results);
    let (flags, delays) = heading.split_once(", ").unwrap_or((&heading, ""));
    let delays = TSpan::new(delays).set("class", "plain besides").set("dx", 24);
    let mut panel = Group::new().add(text("name", MARGIN, top + 40.0, flags).add(delays));
    let x = |seconds: f64| LEFT + seconds / longest * (RIGHT - LEFT);
    let mut top = top + HEADING;
    for line in &results.lines {
        let name = line.contestant.name.as_str();
        let middle = top + ROW / 2.0;
        panel = panel.add(text_before("large", LEFT - 20.0, middle + 12.0, name));
        let mut end = LEFT;
        if let Some(seconds) = line.seconds {
            let bar = (LEFT, x(seconds.median).max(LEFT + 2.0));
            end = x(seconds.slowest).max(bar.1);
            panel = panel.add(rectangle("whole", bar, middle - BAR / 2.0, BAR));
            if line.runs > 1 {
                panel = panel.add(whisker((x(seconds.fastest), end), middle));
            }
        } else if !line.failed.is_empty() {
            // As long as nothing, but seen.
            end = LEFT + BAR;
            panel = panel.add(rectangle("failed", (LEFT, end), middle - BAR / 2.0, BAR));
        }
        let limit = if line.waits_for_one_at_a_time() {
            results.all_delays
        } else {
            results.limit
        };
        if let Some(limit) = limit.map(x).filter(|_| line.seconds.is_some()) {
            panel = panel.add(upright("limit", limit, (top, top + ROW)));
            end = end.max(limit);
        }
        panel = panel.add(label(line, end + 18.0, middle));
        top += ROW;
    }
    panel
}

/// From the fastest run to the slowest.
fn whisker(x: (f64, f64), y: f64) -> Group {
    Group::new()
        .add(across("end", x, y))
        .add(upright("end", x.0, (y - 9.0, y + 9.0)))
        .add(upright("end", x.1, (y - 9.0, y + 9.0)))
}

/// What stands beside a bar.
fn label(line: &Line, x: f64, middle: f64) -> Text {
    let mut label = text("large", x, middle + 13.0, "");
    let part = |class: &str, words: String| TSpan::new(words).set("class", class);
    if let Some(seconds) = line.seconds {
        label = label.add(part("name", time(seconds.median)));
    }
    if let Some(words) = faster(line) {
        label = label.add(part("", words).set("dx", 20));
    }
    if let Some(words) = failures(line) {
        label = label.add(part("failure", words).set("dx", 20));
    }
    if line.runs + line.failed.len() == 0 {
        label = label.add(part("", "not run".to_owned()));
    }
    label
}

fn faster(line: &Line) -> Option<String> {
    let speed_up = line.speed_up.filter(|_| !line.contestant.is_sequential())?;
    Some(format!("{} as fast", times(speed_up)))
}

fn failures(line: &Line) -> Option<String> {
    let (failed, all) = (line.failed.len(), line.runs + line.failed.len());
    (failed > 0).then(|| format!("× {failed} of {all} FAILED"))
}

/// For those who cannot see the picture.
fn description(panels: &[&Results]) -> String {
    let panels = panels.iter().map(|results| {
        let lines = results.lines.iter().map(|line| {
            let median = line.seconds.map(|seconds| time(seconds.median));
            let parts = [median, faster(line), failures(line)];
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            format!("{}: {}", line.contestant.name, parts.join(", "))
        });
        format!("{}. {}.", table::heading(results), lines.collect::<Vec<_>>().join("; "))
    });
    panels.collect::<Vec<_>>().join(" ")
}

#[expect(clippy::cast_precision_loss, reason = "no race has 2^52 contestants")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;
    use crate::result::results;
    use crate::run::Run;
    use crate::testing::{ASYNC, SEQ, failed_run, race, run};

    /// A run that had one flag in flight, and waited for six seconds in all.
    fn one_at_a_time(round: usize, seconds: f64) -> Run {
        let mut run = run(SEQ, round, seconds);
        let seen = run.outcome.as_mut().unwrap().seen.as_mut().unwrap();
        (seen.largest_in_flight, seen.sum_of_times) = (1, 6000.0);
        run
    }

    fn drawn(runs: &[Run]) -> String {
        svg(&results(&race(), runs)).unwrap()
    }

    fn all_of<'a>(document: &'a Document, class: &str) -> Vec<Node<'a, 'a>> {
        let nodes = document.descendants();
        nodes.filter(|node| node.attribute("class") == Some(class)).collect()
    }

    fn number(node: &Node, name: &str) -> f64 {
        node.attribute(name).unwrap().parse().unwrap()
    }

    fn words(node: &Node) -> String {
        let texts = node.descendants().filter(Node::is_text);
        let texts = texts.filter_map(|text| text.text().map(str::trim));
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn bars_are_as_long_as_the_medians_and_the_limit_is_the_sum_for_one_at_a_time() {
        let mut runs = vec![one_at_a_time(1, 6.4), one_at_a_time(2, 6.0)];
        runs.extend([run(ASYNC, 1, 0.6), run(ASYNC, 2, 1.0)]);
        let svg = drawn(&runs);
        let document = Document::parse(&svg).unwrap();
        let per_second = (RIGHT - LEFT) / 6.4;
        let near =
            |pixels: f64, seconds: f64| (pixels - seconds * per_second).abs() < 0.2;
        let bars = all_of(&document, "whole");
        let lengths: Vec<f64> = bars.iter().map(|bar| number(bar, "width")).collect();
        assert!(near(lengths[0], 6.2) && near(lengths[1], 0.8), "{lengths:?}");
        let limits: Vec<f64> = all_of(&document, "limit")
            .iter()
            .map(|line| number(line, "x1") - LEFT)
            .filter(|&x| x > 0.0)
            .collect();
        assert!(near(limits[0], 6.0) && near(limits[1], 0.5), "{limits:?}");
        let labels: Vec<_> = all_of(&document, "large").iter().map(words).collect();
        assert_eq!(labels, ["seq", "6.20 s", "async", "800 ms 7.75× as fast"]);
    }

    #[test]
    fn it_can_be_read_without_being_seen_and_needs_nothing_from_outside() {
        let svg = drawn(&[run(SEQ, 1, 6.0), run(ASYNC, 1, 0.6)]);
        let document = Document::parse(&svg).unwrap();
        assert_eq!(document.root_element().attribute("role"), Some("img"));
        let description =
            document.descendants().find(|node| node.has_tag_name("desc")).unwrap();
        let expected = "20 flags, delays of 359 ms on average (exponential), at most 500 \
                        ms. seq: 6.00 s; async: 600 ms, 10.0× as fast.";
        assert_eq!(words(&description), expected);
        assert_eq!(svg.matches("http").count(), 1, "the name space, and no more:{svg}");
    }

    #[test]
    fn what_failed_is_seen_and_has_no_figures() {
        let failed = failed_run(ASYNC, 1, "no disk");
        let svg = drawn(&[run(SEQ, 1, 6.0), failed_run(SEQ, 2, "no disk"), failed]);
        let document = Document::parse(&svg).unwrap();
        assert_eq!(all_of(&document, "failed").len(), 1);
        let failures: Vec<_> = all_of(&document, "failure").iter().map(words).collect();
        assert_eq!(failures, ["× 1 of 2 FAILED", "× 1 of 1 FAILED"]);
        assert!(!svg.contains("as fast"), "{svg}");
        let nothing = [failed_run(SEQ, 1, "no disk")];
        assert!(super::svg(&results(&race(), &nothing)).is_err());
    }

    #[test]
    fn a_distance_that_nobody_has_begun_is_left_out() {
        let mut race = race();
        race.distances.push(race.distances[0].clone());
        let runs = [run(SEQ, 1, 6.0)];
        let svg = svg(&results(&race, &runs)).unwrap();
        let document = Document::parse(&svg).unwrap();
        let names = all_of(&document, "name");
        let headings = names.iter().filter(|name| words(name).starts_with("20 flags"));
        assert_eq!(headings.count(), 1);
        assert!(svg.contains("not run"), "async was not before Ctrl-C: {svg}");
    }
}
