//! Which requests belong to a run, and what becomes of its numbers.

use std::time::Duration;

use super::run::BARS;
use super::testing::{NOT_FOUND, OK, RUN, Record, ids};
use super::*;

#[test]
fn a_run_is_one_site_one_address_and_one_agent() {
    let mut runs = Runs::new(None);
    let mut begin = |site: &str, address: [u8; 4], agent: &[u8]| {
        let (site, address) = (&site.into(), address.into());
        let key = Key { site, address, agent };
        let asked = Asked { path: "/flags/br/br.gif", thread: None, name: b"" };
        runs.begin(&key, &asked, Duration::ZERO).run
    };
    let here = [127, 0, 0, 1];
    let clients: [(&str, [u8; 4], &[u8]); 7] = [
        ("BOOK", here, b"curl/8"),
        ("LOCAL", here, b"curl/8"),
        ("BOOK", [10, 0, 0, 1], b"curl/8"),
        ("BOOK", here, b"curl/9"),
        ("BOOK", here, b""),
        // No text, and shown alike.
        ("BOOK", here, b"curl\xfe"),
        ("BOOK", here, b"curl\xff"),
    ];
    for _ in 0..2 {
        for (run, (site, address, agent)) in (0..).zip(clients) {
            assert_eq!(begin(site, address, agent), run);
        }
    }
}

#[test]
fn every_run_deals_from_a_deck_of_its_own() {
    let mut record = Record { runs: Runs::new(Some(1)) };
    let mut cards = |agent| {
        ["/flags/br/br.gif", "/flags/br/br.gif", "/flags/us/us.gif", "/flags/one"]
            .map(|path| record.begin(agent, path, 0).card)
    };
    let dealt = cards(RUN);
    assert_eq!(dealt, cards("a (run 2)"));
    assert_eq!(dealt, cards("curl/8"));
    assert_ne!(dealt, cards("curl/8"), "it goes on where it was");
    assert_ne!(dealt[0], dealt[1]);
}

#[test]
fn after_a_pause_a_client_without_a_run_begins_another() {
    let mut record = Record::default();
    let long = record.begin("curl/8", "/flags/br/br.gif", 0);
    // As long as anything is in flight there is no pause.
    let short = record.begin("curl/8", "/flags/br/br.gif", 60_000);
    record.end(short, OK, 60_001);
    let short = record.begin("curl/8", "/flags/br/br.gif", 69_000);
    record.end(short, OK, 69_001);
    record.end(long, OK, 70_000);
    assert_eq!(record.begin("curl/8", "/flags/br/br.gif", 74_999).run, 0);
    assert_eq!(record.runs.latest.len(), 1);

    let mut record = Record::default();
    for (now, run) in [(0, 0), (4_999, 0), (10_000, 1), (15_000, 2), (15_001, 2)] {
        let begun = record.begin("curl/8", "/flags/br/br.gif", now);
        assert_eq!(begun.run, run, "{now}");
        record.end(begun, OK, now);
    }
    // A client that names its run is believed.
    for now in [20_000, 90_000] {
        let begun = record.begin(RUN, "/flags/br/br.gif", now);
        assert_eq!(begun.run, 3);
        record.end(begun, OK, now);
    }
}

#[test]
fn a_bar_takes_the_lowest_lane_that_is_free() {
    let mut record = Record::default();
    let mut begun: Vec<_> = (0..3).map(|now| record.begin(RUN, "/", now)).collect();
    let (third, second, first) =
        (begun.pop().unwrap(), begun.pop().unwrap(), begun.pop().unwrap());
    record.end(third, OK, 3);
    record.end(first, OK, 4);
    record.begin(RUN, "/", 5);
    record.begin(RUN, "/", 6);
    record.begin(RUN, "/", 7);
    record.end(second, Outcome::GivenUp, 8);
    record.begin(RUN, "/", 9);
    let run = record.run();
    let lanes = run["bars"].as_array().unwrap().iter().map(|bar| &bar["lane"]);
    assert!(lanes.eq(&[0, 1, 2, 0, 2, 3, 1]), "{run}");
    assert_eq!(run["largestInFlight"], 4);
}

#[test]
fn only_what_is_no_answer_has_failed() {
    for (status, failed, not_found) in
        [(200, 0, 0), (404, 0, 1), (400, 1, 0), (405, 1, 0), (418, 1, 0), (500, 1, 0)]
    {
        let mut record = Record::default();
        let begun = record.begin(RUN, "/flags/br/br.gif", 0);
        record.end(begun, Outcome::Answered { status, delay: Duration::ZERO }, 1);
        let run = record.run();
        assert_eq!(
            (&run["failed"], &run["notFound"]),
            (&failed.into(), &not_found.into())
        );
        assert_eq!(run["answered"], 1);
        let has_picture = run["bars"][0]["flag"] == "br/br.gif";
        assert_eq!(has_picture, status == 200, "{status}");
    }
}

#[test]
fn what_is_too_long_is_cut_and_still_tells_runs_apart() {
    let mut record = Record::default();
    let long = "ä".repeat(100);
    record.begin(&long, &format!("/flags/{long}"), 0);
    let run = record.run();
    let client = run["client"].as_str().unwrap();
    assert_eq!(client.chars().count(), 80);
    assert!(client.ends_with("ä…"));
    let label = run["bars"][0]["label"].as_str().unwrap();
    assert_eq!(label.chars().count(), 40);
    assert!(label.starts_with("/flags/ä") && label.ends_with("ä…"));
    assert_eq!(record.begin(&format!("{long}x"), "/", 0).run, 1);
    assert_eq!(record.begin(&long, "/", 0).run, 0);
}

#[test]
fn of_a_long_run_only_the_numbers_are_told() {
    let mut record = Record::default();
    for number in 0..10_000 {
        let begun = record.begin(RUN, "/flags/br/br.gif", 0);
        let outcome = if number % 4 == 0 { NOT_FOUND } else { OK };
        record.end(begun, outcome, 1);
    }
    let run = record.run();
    assert_eq!(run["bars"].as_array().unwrap().len(), BARS);
    assert_eq!((&run["requests"], &run["answered"]), (&10_000.into(), &10_000.into()));
    assert_eq!((&run["failed"], &run["notFound"]), (&0.into(), &2_500.into()));
    assert_eq!(run["sumOfTimes"], 10_000.0);
    assert_eq!(run["inFlightOverTime"], serde_json::json!([[0.0, 1], [1.0, 0]]));
    // From here on a change is as short as for a run without bars.
    record.changes_at(500);
    let begun = record.begin(RUN, "/flags/br/br.gif", 0);
    record.end(begun, OK, 1);
    // And it is not told as often, since its curve is not short.
    assert_eq!(record.changes_at(999), None);
    let changes = record.changes_at(1000).unwrap();
    assert_eq!(changes["runs"][0]["bars"], serde_json::json!([]));
    assert_eq!(changes["runs"][0]["requests"], 10_001);
    assert_eq!(record.changes_at(10_000), None);
}

#[test]
fn only_beyond_its_bars_a_run_has_a_curve() {
    let mut record = Record::default();
    for number in 0..=BARS {
        let begun = record.begin(RUN, "/flags/br/br.gif", 10 * number as u64);
        if number + 2 > BARS {
            let curve = &record.run()["inFlightOverTime"];
            assert_eq!(curve.is_array(), number == BARS, "{number}: {curve}");
        }
        record.end(begun, OK, 10 * number as u64 + 9);
    }
    let run = record.run();
    let points = run["inFlightOverTime"].as_array().unwrap();
    // One request after the other: that is seen as long as the pieces are short enough.
    assert!(points.iter().all(|point| point[1] == 0 || point[1] == 1), "{run}");
    assert_eq!(points.first().unwrap(), &serde_json::json!([0.0, 1]));
    assert_eq!(points.last().unwrap(), &serde_json::json!([10_009.0, 0]));
}

#[test]
fn threads_names_and_reports_are_told_with_their_run() {
    let mut record = Record::default();
    let (site, address) = (&"BOOK".into(), [127, 0, 0, 1].into());
    let key = Key { site, address, agent: RUN.as_bytes() };
    let report = || Report::parse(br#"{"elapsed": 9, "threads": []}"#).unwrap();
    assert_eq!(record.runs.report(&key, report()), Reported::NoSuchRun);
    for (thread, name) in [(Some(3), &b""[..]), (None, b"Mina"), (Some(1), b"Ben")] {
        let asked = Asked { path: "/flags/br/br.gif", thread, name };
        record.runs.begin(&key, &asked, Duration::ZERO);
    }
    let run = record.run();
    let threads = [0, 1, 2].map(|bar| &run["bars"][bar]["thread"]);
    assert_eq!(threads, [&3.into(), &serde_json::Value::Null, &1.into()]);
    assert_eq!((&run["name"], &run["report"]), (&"Mina".into(), &().into()));

    record.changes();
    for other in [
        Key { agent: b"another", ..key },
        Key { address: [10, 0, 0, 1].into(), ..key },
        Key { site: &"LOCAL".into(), ..key },
    ] {
        assert_eq!(record.runs.report(&other, report()), Reported::NoSuchRun);
    }
    assert_eq!(record.changes(), None);
    assert_eq!(record.runs.report(&key, report()), Reported::Now);
    let changes = record.changes().unwrap();
    assert_eq!(changes["runs"][0]["report"]["elapsed"], 9.0);
    assert_eq!(changes["runs"][0]["bars"], serde_json::json!([]));
    assert_eq!(record.run()["report"], changes["runs"][0]["report"]);
    assert_eq!(record.runs.report(&key, report()), Reported::Before);
    assert_eq!(record.changes(), None);
}

#[test]
fn of_many_runs_the_latest_are_kept() {
    let mut record = Record::default();
    let first = record.begin("agent 0", "/", 0);
    record.changes();
    for number in 1..1_000 {
        let begun = record.begin(&format!("agent {number}"), "/", 0);
        record.end(begun, OK, 0);
    }
    assert_eq!(record.runs.latest.len(), RUNS);
    assert!(record.runs.latest.capacity() <= 2 * RUNS);
    assert!(ids(&record.told()).into_iter().eq(950..1_000));
    let changes = record.changes().unwrap();
    assert_eq!(changes["removed"].as_array().unwrap().len(), 950);
    // It was in flight all the time, and its run is gone.
    record.end(first, OK, 0);
    assert_eq!(record.changes(), None);
}
