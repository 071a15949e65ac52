//! What a page is told is what has happened, once and in whole.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::super::testing::{OK, RUN, Record, ids};
use super::super::{Key, Outcome, RUNS, Report, Runs, UNDO};

#[test]
fn a_run_is_told_as_the_page_expects_it() {
    let mut record = Record::default();
    let first = record.begin(RUN, "/flags/br/br.gif", 1000);
    let second = record.begin(RUN, "/flags/br/metadata.json", 1001);
    let delay = Duration::from_micros(7500);
    record.end(first, Outcome::Answered { status: 200, delay }, 1008);
    record.end(second, Outcome::GivenUp, 1010);
    record.begin(RUN, "/flags/zz/zz.gif", 1012);
    let expected = serde_json::json!({
        "id": 0, "site": "BOOK", "client": "flags-async/0.1.0", "run": "8f3a2c",
        "name": null,
        "address": "127.0.0.1", "started": 1000.0, "ended": 1010.0,
        "requests": 3, "answered": 2, "failed": 1, "notFound": 0,
        "inFlight": 1, "largestInFlight": 2,
        "longestDelay": 7.5, "sumOfTimes": 17.0, "report": null,
        "bars": [
            {"number": 0, "lane": 0, "label": "BR", "thread": null, "flag": "br/br.gif",
             "start": 0.0, "end": 8.0, "status": 200},
            {"number": 1, "lane": 1, "label": "BR metadata", "thread": null,
             "flag": null,
             "start": 1.0, "end": 10.0, "status": null},
            {"number": 2, "lane": 0, "label": "ZZ", "thread": null, "flag": null,
             "start": 12.0, "end": null, "status": null},
        ],
    });
    assert_eq!(record.run(), expected);
    assert_eq!(record.told()["removed"], Value::Null);
}

/// A report of some hundred kilobytes.
fn long_report() -> Report {
    let work: Vec<_> = (0..2000).map(|time| [time, time]).collect();
    let thread = serde_json::json!({"role": "downloads", "work": work});
    let report = serde_json::json!({"elapsed": 1, "threads": vec![thread; 10]});
    Report::parse(report.to_string().as_bytes()).unwrap()
}

#[test]
fn everything_comes_in_pieces_that_are_whole_together() {
    let mut record = Record::default();
    for number in 0..3 {
        for _ in 0..1000 {
            record.begin(&format!("agent {number}"), "/flags/br/br.gif", 0);
        }
        if number != 1 {
            let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
            let agent = format!("agent {number}");
            let key = Key { site, address, agent: agent.as_bytes() };
            record.runs.report(&key, long_report());
        }
    }
    let mut everything = record.runs.everything();
    let mut length = 0;
    while let Some(piece) = everything.next_piece(&mut record.runs).unwrap() {
        assert!(piece.len() < 32 * 1024, "{}", piece.len());
        length += piece.len();
    }
    assert!(length > 700_000, "{length}");
    let told = record.told();
    for run in 0..3 {
        let run = &told["runs"][run];
        assert_eq!(run["bars"].as_array().unwrap().len(), 1000);
        let has_report = run["client"] != "agent 1";
        assert_eq!(run["report"]["threads"][9]["work"][1999][0] == 1999.0, has_report);
    }
}

#[test]
fn what_is_forgotten_while_it_is_told_is_left_out_or_ends_what_is_told() {
    let mut record = Record::default();
    for number in 0..3 {
        for _ in 0..1000 {
            record.begin(&format!("agent {number}"), "/flags/br/br.gif", 0);
        }
    }
    let mut everything = record.runs.everything();
    let mut next = |runs: &mut Runs| everything.next_piece(runs).unwrap();
    let mut text = b"[".to_vec();
    for _ in 0..3 {
        text.extend(next(&mut record.runs).unwrap());
    }
    // From here on the first one is told no further, and the others not at all.
    record.runs.clear(Duration::ZERO);
    text.extend(next(&mut record.runs).unwrap());
    assert_eq!(next(&mut record.runs), None);
    text.push(b']');
    let runs: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(runs.as_array().unwrap().len(), 1);
    let bars = runs[0]["bars"].as_array().unwrap().len();
    assert!((1..1000).contains(&bars), "{bars}");

    let mut record = Record::default();
    record.begin(RUN, "/", 0);
    let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
    record.runs.report(&Key { site, address, agent: RUN.as_bytes() }, long_report());
    let mut everything = record.runs.everything();
    everything.next_piece(&mut record.runs).unwrap();
    record.runs.clear(Duration::ZERO);
    // Half a report is nothing that could be understood.
    assert!(everything.next_piece(&mut record.runs).is_err());
}

#[test]
fn who_reads_while_something_happens_is_told_of_bars_as_they_are() {
    let mut record = Record::default();
    let first = record.begin(RUN, "/flags/br/br.gif", 0);
    for number in 1..200 {
        record.begin(RUN, "/flags/us/us.gif", number);
        // It would be kept as it is now.
        assert_eq!(record.run()["bars"].as_array().unwrap().len() as u64, number + 1);
    }
    record.end(first, OK, 300);
    assert_eq!(record.run()["bars"][0]["end"], 300.0);
    assert_eq!(record.run()["bars"][199]["end"], Value::Null);
}

#[test]
fn what_was_told_is_not_told_again() {
    let mut record = Record::default();
    assert_eq!(record.changes(), None);
    let first = record.begin(RUN, "/flags/br/br.gif", 0);
    let second = record.begin(RUN, "/flags/us/us.gif", 0);
    record.begin("another", "/", 0);
    assert_eq!(ids(&record.changes().unwrap()), [0, 1]);
    assert_eq!(record.changes(), None);
    record.end(second, OK, 1);
    let changes = record.changes().unwrap();
    assert_eq!(ids(&changes), [0]);
    assert_eq!(changes["runs"][0]["bars"].as_array().unwrap().len(), 1);
    assert_eq!(changes["runs"][0]["bars"][0]["number"], 1);
    assert_eq!(changes["removed"], serde_json::json!([]));
    record.end(first, OK, 1);
    record.runs.forget_changes(Duration::ZERO);
    assert_eq!(record.changes(), None);
}

#[test]
fn what_was_cleared_never_comes_back() {
    let mut record = Record::default();
    let begun = record.begin(RUN, "/flags/br/br.gif", 0);
    record.runs.clear(Duration::from_millis(1));
    assert!(ids(&record.told()).is_empty());
    assert_eq!(record.begin(RUN, "/flags/br/br.gif", 2).run, 1);
    record.changes();
    record.end(begun, OK, 3);
    assert_eq!(record.changes(), None);
    assert_eq!(record.run()["inFlight"], 1);
    assert!(!record.runs.undo(UNDO + Duration::from_millis(1)));
    assert_eq!(ids(&record.told()), [1]);
}

#[test]
fn what_was_cleared_comes_back_when_that_is_undone() {
    let mut record = Record::default();
    assert!(!record.runs.undo(Duration::ZERO), "there is nothing to undo");
    let first = record.begin(RUN, "/flags/br/br.gif", 0);
    let second = record.begin("another", "/", 0);
    record.runs.clear(Duration::ZERO);
    record.end(first, OK, 1);
    let third = record.begin(RUN, "/flags/br/br.gif", 2);
    assert_eq!(ids(&record.told()), [2]);
    // To clear once more takes nothing from what can be undone.
    record.runs.clear(Duration::from_millis(3));
    record.begin(RUN, "/flags/us/us.gif", 4);
    record.end(third, OK, 5);
    assert!(record.runs.undo(UNDO));
    let told = record.told();
    assert_eq!(ids(&told), [0, 1, 2, 3]);
    let answered = |run: usize| &told["runs"][run]["answered"];
    assert_eq!([0, 1, 2, 3].map(answered), [&1, &0, &1, &0]);
    assert_eq!(record.changes(), None);
    record.end(second, OK, 6);
    assert_eq!(ids(&record.changes().unwrap()), [1]);
    assert!(!record.runs.undo(UNDO), "once is enough");
}

#[test]
fn to_clear_and_undo_keeps_no_more_runs_than_there_may_be() {
    let mut record = Record::default();
    for round in 0..5 {
        for number in 0..RUNS {
            record.begin(&format!("{round} {number}"), "/", 0);
        }
        record.runs.clear(Duration::ZERO);
    }
    let cleared = record.runs.cleared.as_ref().unwrap();
    assert_eq!(cleared.runs.len(), RUNS);
    record.begin(RUN, "/", 0);
    assert!(record.runs.undo(Duration::ZERO));
    assert!(ids(&record.told()).into_iter().eq(201..251));
    record.runs.clear(Duration::ZERO);
    record.runs.forget_cleared(UNDO);
    assert!(record.runs.cleared.is_none());
}

/// What a page knows: the runs by their id, and the bars of each by their number.
#[derive(Debug, Clone, Default, PartialEq)]
struct Page(BTreeMap<u64, (Value, BTreeMap<u64, Value>)>);

impl Page {
    fn from_everything(told: &Value) -> Self {
        let mut page = Self::default();
        page.apply(told);
        page
    }

    fn apply(&mut self, told: &Value) {
        for id in told["removed"].as_array().into_iter().flatten() {
            self.0.remove(&id.as_u64().unwrap());
        }
        for run in told["runs"].as_array().unwrap() {
            let mut numbers = run.clone();
            let bars = numbers.as_object_mut().unwrap().remove("bars").unwrap();
            let known = self.0.entry(run["id"].as_u64().unwrap()).or_default();
            known.0 = numbers;
            for bar in bars.as_array().unwrap() {
                known.1.insert(bar["number"].as_u64().unwrap(), bar.clone());
            }
        }
    }
}

#[test]
fn all_changes_together_are_the_same_as_everything() {
    for seed in 0..20 {
        let mut random = Rng::with_seed(seed);
        let mut record = Record::default();
        let mut in_flight = Vec::new();
        let mut pages = vec![Page::default()];
        let agents = random.usize(1..120);
        let mut now = 0;
        for _ in 0..600 {
            now += random.u64(0..20);
            match random.u8(0..100) {
                0 => {
                    let now = Duration::from_millis(now);
                    if random.bool() || !record.runs.undo(now) {
                        record.runs.clear(now);
                    }
                    let everything = Page::from_everything(&record.told());
                    pages.fill(everything);
                }
                1..5 => pages.push(Page::from_everything(&record.told())),
                5..8 => now += 5_000,
                8..20 => {
                    let Some(changes) = record.changes() else { continue };
                    for page in &mut pages {
                        page.apply(&changes);
                    }
                }
                20..60 if !in_flight.is_empty() => {
                    let begun = in_flight.swap_remove(random.usize(..in_flight.len()));
                    let statuses = [200, 404, 418];
                    let status = statuses[random.usize(..statuses.len())];
                    let delay = Duration::from_millis(random.u64(..5000));
                    let answered = Outcome::Answered { status, delay };
                    let outcome = if random.bool() { answered } else { Outcome::GivenUp };
                    record.end(begun, outcome, now);
                }
                _ => {
                    let number = random.usize(..agents);
                    let has_run = number % 2 == 0;
                    let run =
                        if has_run { format!(" (run {number})") } else { String::new() };
                    let agent = format!("agent {number}{run}");
                    in_flight.push(record.begin(&agent, "/flags/br/br.gif", now));
                }
            }
        }
        if let Some(changes) = record.changes() {
            for page in &mut pages {
                page.apply(&changes);
            }
        }
        let everything = Page::from_everything(&record.told());
        for page in pages {
            assert_eq!(page, everything, "seed {seed}");
        }
    }
}
