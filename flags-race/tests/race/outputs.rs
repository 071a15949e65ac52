//! Where the result goes: standard output, files, or neither.

use std::collections::HashSet;
use std::fs;

use roxmltree::{Document, Node};
use serde_json::Value;

use crate::program::{SHORT, race, run, run_unread};

#[test]
fn json_on_standard_output_stands_there_alone() {
    let report = run(race(SHORT).args(["--json", "-"]));
    let json: Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(json["runs"][0]["saved"], 3);
    assert!(report.stderr.contains("\n3 flags, delays of 1.0 ms"), "{}", report.stderr);
    assert_eq!(report.status, Some(0));
}

#[test]
fn a_chart_on_standard_output_stands_there_alone() {
    let report = run(race(SHORT).args(["--chart", "-"]));
    Document::parse(&report.stdout).unwrap();
    assert!(report.stderr.contains("\n3 flags, delays of 1.0 ms"), "{}", report.stderr);
}

#[test]
fn standard_output_has_a_place_for_one_file() {
    let report = run(race(SHORT).args(["--chart", "-", "--json", "-"]));
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(2)));
    assert!(report.stderr.contains("need a file each"), "{}", report.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_first_run() {
    for option in ["--json", "--chart", "--picture", "--replay"] {
        let report =
            run(race("--styles seq --sizes 3").args([option, "missing-folder/file"]));
        let expected = "error: cannot write the file missing-folder";
        assert!(report.stderr.starts_with(expected), "{}", report.stderr);
        assert_eq!(report.stderr.lines().count(), 1, "{}", report.stderr);
        assert_eq!((report.stdout.as_str(), report.status), ("", Some(1)));
    }
}

#[test]
fn a_reader_that_has_left_is_no_error_and_costs_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("race.json");
    let report = run_unread(race(SHORT).arg("--json").arg(&json));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert!(!report.stderr.contains("error"), "{}", report.stderr);
    serde_json::from_slice::<Value>(&fs::read(&json).unwrap()).unwrap();
    let report = run_unread(race(SHORT).args(["--json", "-"]));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
}

#[test]
fn the_picture_of_real_runs_shows_what_the_site_saw() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name| folder.path().join(name);
    let mut race = race("--sizes 12 --latency exp:20ms");
    race.arg("--picture").arg(file("still.svg")).arg("--replay").arg(file("moving.svg"));
    let report = run(race.args(["--json", "-"]));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    let json: Value = serde_json::from_str(&report.stdout).unwrap();
    let waited = |run: &Value| run["site"]["sumOfTimes"].as_f64().unwrap();
    let waited: Vec<f64> = json["runs"].as_array().unwrap().iter().map(waited).collect();
    assert_eq!(waited.len(), 3, "one run of each program");
    for name in ["still.svg", "moving.svg"] {
        let svg = fs::read_to_string(file(name)).unwrap();
        let document = Document::parse(&svg).unwrap();
        // A bar for each flag, of the same height in all runs, and in the order of these.
        let bars: Vec<Node> = document
            .descendants()
            .filter(|node| node.has_tag_name("title") && node.parent_element().is_some())
            .filter_map(|title| title.next_sibling_element())
            .filter(|part| part.attribute("class") == Some("waits"))
            .collect();
        let number = |bar: &Node, name: &str| -> f64 {
            bar.attribute(name).unwrap().parse().unwrap()
        };
        assert_eq!(bars.len(), 36);
        let heights = bars.iter().map(|bar| number(bar, "height"));
        assert!(heights.clone().all(|height| height > 0.0));
        assert_eq!(heights.map(f64::to_bits).collect::<HashSet<_>>().len(), 1);
        // So their areas are to each other like the times that the site has added up.
        let width =
            |bars: &[Node]| bars.iter().map(|bar| number(bar, "width")).sum::<f64>();
        let widths: Vec<f64> = bars.chunks(12).map(width).collect();
        let first = (widths[0], waited[0]);
        for (width, waited) in widths.iter().zip(&waited) {
            let per_millisecond = width / waited;
            let of_first = first.0 / first.1;
            assert!(
                (per_millisecond / of_first - 1.0).abs() < 0.05,
                "{widths:?}, {waited:?}"
            );
        }
    }
}

#[test]
fn the_picture_tells_how_many_threads_have_waited() {
    let report = run(&mut race("--sizes 12 --latency 50ms --picture -"));
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    let document = Document::parse(&report.stdout).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let is_label = |text: &Node| text.attribute("class") == Some("bold");
    let threads: Vec<usize> = texts
        .filter(is_label)
        .map(|text| text.text().unwrap().split_whitespace().next().unwrap())
        .map(|number| number.parse().unwrap())
        .collect();
    let [seq, pool, event_loop] = threads[..] else { panic!("{}", report.stdout) };
    assert_eq!((seq, event_loop), (1, 1), "however many flags are waited for");
    // On a busy machine, a thread may have come back before the last one began.
    assert!((2..=12).contains(&pool), "{threads:?}");
    let rows = document.descendants();
    let rows = rows.filter(|node| node.attribute("class") == Some("sleeps"));
    assert_eq!(rows.count(), 3);
}

#[test]
fn a_run_that_failed_is_in_the_picture_and_named() {
    let mut race = race("--styles seq --sizes 3 --latency 1ms --picture -");
    let report = run(race.args(["--vs", "exit 3 {url} {dest}"]));
    assert_eq!(report.status, Some(1), "{}", report.stderr);
    let document = Document::parse(&report.stdout).unwrap();
    let has = |words: &str| {
        let mut texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.any(|text| text.text().is_some_and(|text| text.trim() == words))
    };
    assert!(has("× FAILED"), "{}", report.stdout);
    assert!(has("FAILED, and so compared with nothing: exit."), "{}", report.stdout);
}

#[test]
fn two_outputs_do_not_go_to_one_file() {
    let report = run(race(SHORT).args(["--chart", "a.svg", "--json", "a.svg"]));
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(2)));
    assert!(report.stderr.contains("need a file each"), "{}", report.stderr);
}
