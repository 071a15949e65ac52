use roxmltree::{Document, Node};

use super::super::Picture;
use super::*;
use crate::race::Race;
use crate::result::results;
use crate::run::Run;
use crate::seen::{Bar, Report, Thread};
use crate::testing::{ASYNC, SEQ, failed_run, race, run};

/// A run of `contestant` in which flags were waited for from when to when, in
/// milliseconds.
fn run_with(contestant: usize, waits: &[(f64, f64)], report: Option<Report>) -> Run {
    let last = waits.iter().map(|wait| wait.1).fold(0.0, f64::max);
    let mut run = run(contestant, 1, last / 1000.0);
    let seen = run.outcome.as_mut().unwrap().seen.as_mut().unwrap();
    seen.bars = waits.iter().map(|&(start, end)| bar(start, end)).collect();
    seen.report = report;
    run
}

fn bar(start: f64, end: f64) -> Bar {
    let (label, end, status, thread) = ("BR".to_owned(), Some(end), Some(200), Some(1));
    Bar { label, start, end, status, thread }
}

fn thread(role: &str, work: &[(f64, f64)]) -> Thread {
    Thread { role: role.to_owned(), work: work.to_vec() }
}

/// One after another, and all at once, with the same delays.
fn two_runs() -> [Run; 2] {
    let report = |elapsed, threads| {
        Some(Report { elapsed, cpu: Some(13.0), threads, truncated: false })
    };
    let seq = vec![thread("downloads", &[(0.0, 0.0), (300.0, 302.0), (800.0, 804.0)])];
    let threads =
        vec![thread("downloads", &[(0.0, 0.4), (300.0, 300.5)]), thread("saves", &[])];
    [
        run_with(SEQ, &[(0.0, 300.0), (302.0, 802.0)], report(804.0, seq)),
        run_with(ASYNC, &[(0.0, 300.0), (0.0, 500.0)], report(503.0, threads)),
    ]
}

fn drawn_of(race: &Race, runs: &[Run], moves: bool) -> String {
    Picture::new(race, &results(race, runs)[0], runs).to_svg(moves)
}

fn drawn(runs: &[Run]) -> String {
    drawn_of(&race(), runs, false)
}

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn words(node: Node) -> String {
    let texts = node.descendants().filter(Node::is_text);
    let texts = texts.filter_map(|text| text.text().map(str::trim));
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(words).collect()
}

/// The bars of a class that stand for flags: x, y, width and height.
fn bars(svg: &str, class: &str) -> Vec<[f64; 4]> {
    let document = Document::parse(svg).unwrap();
    let has_title =
        |node: &Node| node.children().any(|child| child.has_tag_name("title"));
    let groups = document.descendants().filter(|node| node.has_tag_name("g"));
    let parts = groups.filter(has_title).flat_map(|group| group.children());
    parts
        .filter(|part| part.attribute("class") == Some(class))
        .map(|part| ["x", "y", "width", "height"].map(|name| number(&part, name)))
        .collect()
}

#[test]
fn bars_stand_where_their_times_say_and_their_areas_are_equal() {
    let svg = drawn(&two_runs());
    let bars = bars(&svg, "waits");
    let per_millisecond = (RIGHT - LEFT) / 804.0;
    let expected = [(0.0, 300.0), (302.0, 802.0), (0.0, 300.0), (0.0, 500.0)];
    for ([x, _, width, _], (from, to)) in bars.iter().zip(expected) {
        assert!((x - LEFT - from * per_millisecond).abs() < 0.2, "{bars:?}");
        assert!((width - (to - from) * per_millisecond).abs() < 0.2, "{bars:?}");
    }
    let [first, second, third, fourth] = bars[..] else { panic!("{bars:?}") };
    assert!((first[1] - second[1]).abs() < 0.01, "one after another in one lane");
    assert!(fourth[1] >= third[1] + third[3], "below each other");
    let area = |bars: [[f64; 4]; 2]| bars.iter().map(|bar| bar[2] * bar[3]).sum::<f64>();
    let areas = [area([first, second]), area([third, fourth])];
    assert!((areas[0] / areas[1] - 1.0).abs() < 0.01, "{areas:?}");
}

#[test]
fn each_run_is_named_with_its_time_its_threads_and_what_it_is_compared_with() {
    let texts = texts(&drawn(&two_runs()));
    for expected in [
        "The same 20 flags, two runs",
        "flags-seq",
        "one after another",
        "1 thread · CPU 13 ms of 804 ms",
        "804 ms",
        "flags-async",
        "503 ms",
        "1.60× as fast as flags-seq",
        "and 1 only for saving",
        "The slowest flag takes 500 ms",
        "The pale area is the same in both: 800 ms of waiting. Only its arrangement \
         differs.",
    ] {
        assert!(texts.contains(&expected.to_owned()), "{expected}: {texts:#?}");
    }
}

#[test]
fn a_thread_is_dark_where_it_works() {
    let svg = drawn(&two_runs());
    let document = Document::parse(&svg).unwrap();
    let is_work = |node: &Node| {
        node.has_tag_name("path") && node.attribute("class") == Some("works")
    };
    let rows: Vec<&str> = document
        .descendants()
        .filter(is_work)
        .map(|path| path.attribute("d").unwrap())
        .collect();
    // One row a thread that works, and in it one part for each time.
    let begins: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            let parts = row.split('M').skip(1);
            parts.map(|part| part.split(' ').next().unwrap().parse().unwrap()).collect()
        })
        .collect();
    let place = |milliseconds: f64| LEFT + milliseconds / 804.0 * (RIGHT - LEFT);
    let expected = [vec![0.0, 300.0, 800.0], vec![0.0, 300.0]];
    assert_eq!(begins.len(), expected.len(), "{rows:?}");
    for (begins, expected) in begins.iter().zip(expected) {
        assert_eq!(begins.len(), expected.len(), "{rows:?}");
        for (begin, expected) in begins.iter().zip(expected) {
            // The last one is moved to the left, to be as wide as it has to be.
            assert!((begin - place(expected)).abs() < NARROWEST, "{rows:?}");
        }
    }
}

#[test]
fn a_thread_that_wakes_often_does_not_look_busy() {
    let work: Vec<(f64, f64)> =
        (0..500).map(|number| (f64::from(number), f64::from(number) + 0.1)).collect();
    let scale = Scale { longest: 500.0 };
    let dark = |work| {
        let spans = band::visible(work, &scale, 500.0);
        spans.iter().map(|span| span.1 - span.0).sum::<f64>() / (RIGHT - LEFT)
    };
    assert!((0.1..0.35).contains(&dark(work)), "a tenth is work");
    let busy = vec![(0.0, 200.0), (210.0, 450.0)];
    assert!((dark(busy) - 0.88).abs() < 0.01, "what is longer is drawn as it is");
}

#[test]
fn threads_that_are_not_told_of_are_not_drawn_as_sleeping() {
    let mut runs = two_runs();
    let measured = runs[ASYNC].outcome.as_mut().unwrap();
    measured.seen.as_mut().unwrap().report.as_mut().unwrap().truncated = true;
    let svg = drawn(&runs);
    assert_eq!(svg.matches("class=\"sleeps\"").count(), 1, "those of the other run");
    let expected = "at least 1 thread · CPU 13 ms of 503 ms".to_owned();
    assert!(texts(&svg).contains(&expected), "{:#?}", texts(&svg));
}

#[test]
fn areas_are_called_the_same_only_where_they_are() {
    let [seq, _] = two_runs();
    let other = run_with(ASYNC, &[(0.0, 300.0), (0.0, 700.0)], None);
    let texts = texts(&drawn(&[seq, other]));
    let expected = "The pale areas differ: 800 ms to 1.0 s of waiting.";
    assert_eq!(texts.last().unwrap(), expected);
}

#[test]
fn a_run_that_failed_is_drawn_and_named_as_such() {
    let [seq, event_loop] = two_runs();
    let reason = "only 19 of <20> flags were saved";
    let mut failed = failed_run(ASYNC, 1, reason);
    let failure = failed.outcome.as_mut().unwrap_err();
    let measured = failure.measured.as_mut().unwrap();
    measured.seen = event_loop.outcome.unwrap().seen;
    let seen = measured.seen.as_mut().unwrap();
    // One was given up, and the other answered with an error.
    (seen.bars[0].end, seen.bars[0].status) = (None, None);
    seen.bars[1].status = Some(418);
    let svg = drawn(&[seq, failed]);
    assert_eq!(bars(&svg, "failed").len(), 2);
    assert_eq!(bars(&svg, "waits").len(), 2, "those of the other run");
    let texts = texts(&svg);
    for expected in
        [reason, "× FAILED", "FAILED, and so compared with nothing: flags-async."]
    {
        assert!(texts.contains(&expected.to_owned()), "{expected}: {texts:#?}");
    }
    assert!(!texts.iter().any(|text| text.contains("as fast")), "{texts:#?}");
}

#[test]
fn a_run_that_could_not_even_begin_is_drawn_too() {
    let mut failed = failed_run(SEQ, 1, "the program cannot be run");
    failed.outcome.as_mut().unwrap_err().measured = None;
    let texts = texts(&drawn(&[failed]));
    assert!(texts.contains(&"× FAILED".to_owned()), "{texts:#?}");
}

#[test]
fn what_the_program_does_not_tell_is_left_out() {
    let texts = texts(&drawn(&[run_with(SEQ, &[(0.0, 300.0)], None)]));
    assert!(texts.contains(&"300 ms".to_owned()), "{texts:#?}");
    assert!(!texts.iter().any(|text| text.contains("thread")), "{texts:#?}");
}

#[test]
fn very_many_flags_are_one_area_that_is_as_large_as_their_bars() {
    let mut race = race();
    race.distances[0].flags = 400;
    let sequential: Vec<(f64, f64)> =
        (0..400).map(|number| (f64::from(number), f64::from(number) + 1.0)).collect();
    let at_once: Vec<(f64, f64)> = (0..400)
        .map(|number| (f64::from(number % 2), f64::from(number % 2) + 1.0))
        .collect();
    let runs = [run_with(SEQ, &sequential, None), run_with(ASYNC, &at_once, None)];
    let svg = drawn_of(&race, &runs, false);
    assert!(bars(&svg, "waits").is_empty());
    let document = Document::parse(&svg).unwrap();
    let view_box = document.root_element().attribute("viewBox").unwrap();
    assert_eq!(view_box, "0 0 1920 1080", "as high as a screen");
    let areas: Vec<f64> = document
        .descendants()
        .filter(|node| {
            node.has_tag_name("path") && node.attribute("class") == Some("waits")
        })
        .map(|path| area(path.attribute("d").unwrap()))
        .collect();
    assert!((areas[0] / areas[1] - 1.0).abs() < 0.1, "{areas:?}");
}

/// What is below a path of the form `Mx yHxVyHxVy...z`.
fn area(path: &str) -> f64 {
    let numbers: Vec<f64> = path
        .split(|letter: char| letter.is_alphabetic() || letter == ' ')
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().unwrap())
        .collect();
    let (mut x, bottom) = (numbers[0], numbers[1]);
    let mut y = bottom;
    let mut area = 0.0;
    for step in numbers[2..].chunks(2) {
        area += (step[0] - x) * (bottom - y);
        (x, y) = (step[0], step[1]);
    }
    area
}

#[test]
fn many_runs_make_the_picture_higher_and_lose_nothing() {
    let mut race = race();
    race.contestants = vec![race.contestants[SEQ].clone(); 9];
    let runs: Vec<Run> = (0..9)
        .map(|number| run_with(number, &[(0.0, 300.0), (300.0, 400.0)], None))
        .collect();
    let svg = drawn_of(&race, &runs, false);
    let names = texts(&svg).into_iter().filter(|text| text == "flags-seq");
    assert_eq!(names.count(), 9);
    let bottom =
        bars(&svg, "waits").iter().map(|bar| bar[1] + bar[3]).fold(0.0, f64::max);
    let document = Document::parse(&svg).unwrap();
    let view_box = document.root_element().attribute("viewBox").unwrap();
    let height: f64 = view_box.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(height > HEIGHT && bottom < height - FOOT, "{bottom} in {height}");
}

#[test]
fn it_can_be_read_without_being_seen_and_needs_nothing_from_outside() {
    for moves in [false, true] {
        let svg = drawn_of(&race(), &two_runs(), moves);
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let description =
            document.descendants().find(|node| node.has_tag_name("desc")).unwrap();
        let description = words(description);
        let expected = "flags-async: 503 ms, 1.60× as fast, 7 in flight at most, 1 \
                        thread, and 1 only for saving, CPU 13 ms of 503 ms.";
        assert!(description.contains(expected), "{description}");
        assert_eq!(svg.matches("http").count(), 1, "the name space, and no more");
        assert!(!svg.contains("<script"), "{svg}");
    }
}

#[test]
fn the_replay_is_the_same_picture_and_moves_only_for_those_who_like_it() {
    let [still, moving] =
        [false, true].map(|moves| drawn_of(&race(), &two_runs(), moves));
    assert_eq!(bars(&still, "waits"), bars(&moving, "waits"));
    assert_eq!(texts(&still), texts(&moving));
    assert!(!still.contains("animation"), "{still}");
    let (before, after) = moving.split_once("prefers-reduced-motion: no-pref").unwrap();
    assert!(!before.contains("animation"), "nothing moves before it was asked");
    assert!(before.contains(".curtain, .cursor { display: none; }"), "{before}");
    // 0.804 seconds in real time, and the pause. The first run ends with the cursor.
    assert!(after.contains("animation: pass 4.804s linear infinite"), "{after}");
    let share = 0.804 / 4.804 * 100.0;
    assert!(before.contains(&format!("@keyframes pass {{ {share:.3}%")), "{before}");
    assert!(after.contains(&format!("told-0 {{ from, {share:.3}%")), "{after}");
    let share = 0.503 / 4.804 * 100.0;
    assert!(after.contains(&format!("told-1 {{ from, {share:.3}%")), "{after}");
}
