//! What is told of the requests to two sites, and when.

use std::collections::HashSet;
use std::time::Duration;

use axum::body::Body;
use flags_server::Latency;
use futures::future::join_all;
use futures::stream;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use super::history::{HEARTBEAT, PERIOD};
use super::testing::{Live, ask, ask_as, length};

#[tokio::test(start_paused = true)]
async fn everything_comes_first_and_then_changes_in_bundles() {
    let delay = Duration::from_millis(455);
    let live = Live::new(delay);
    ask(&live.fast, "/flags/us/us.gif").await;
    let mut events = live.events().await;
    let everything = events.expect("runs").await;
    assert_eq!(length(&everything["sites"]), 2);
    assert_eq!(length(&everything["runs"]), 1);

    let started = Instant::now();
    let requests = (0..100).map(|_| ask(&live.slow, "/flags/br/br.gif"));
    let requests = join_all(requests);
    let watch = async {
        let begun = events.expect("changes").await;
        assert!(started.elapsed() <= PERIOD);
        assert_eq!((&begun["runs"][0]["id"], length(&begun["runs"])), (&1.into(), 1));
        assert_eq!(length(&begun["runs"][0]["bars"]), 100);
        assert_eq!(begun["runs"][0]["inFlight"], 100);
        let ended = events.expect("changes").await;
        assert!((delay..=delay + PERIOD).contains(&started.elapsed()));
        assert_eq!(length(&ended["runs"][0]["bars"]), 100);
        assert_eq!(ended["runs"][0]["inFlight"], 0);
        assert_eq!(ended["runs"][0]["longestDelay"], 455.0);
    };
    tokio::join!(requests, watch);
    // Nothing changes any more, and that is told too, as long as it lasts.
    let mut before = everything["now"].as_f64().unwrap();
    for _ in 0..100 {
        let quiet_since = Instant::now();
        let now = events.expect("heartbeat").await["now"].as_f64().unwrap();
        assert!((HEARTBEAT..=HEARTBEAT + PERIOD).contains(&quiet_since.elapsed()));
        assert!(now > before, "{now} and {before}");
        before = now;
    }
}

#[tokio::test(start_paused = true)]
async fn every_reader_hears_who_it_is_and_which_server_speaks() {
    let live = Live::new(Duration::ZERO);
    let mut servers = HashSet::new();
    for (address, you, is_loopback) in [
        ("127.0.0.1", "127.0.0.1", true),
        ("::1", "::1", true),
        ("::ffff:127.0.0.1", "127.0.0.1", true),
        ("::ffff:192.168.1.7", "192.168.1.7", false),
        ("fe80::1", "fe80::1", false),
    ] {
        let mut events = live.events_at(address).await;
        let everything = events.expect("runs").await;
        assert_eq!(everything["you"], you);
        assert_eq!(everything["isLoopback"], is_loopback, "{address}");
        assert_eq!(everything["sites"][0]["port"], 8000);
        servers.insert(everything["server"].as_str().unwrap().to_owned());
    }
    servers.insert(live.runs().await["server"].as_str().unwrap().to_owned());
    assert_eq!(servers.len(), 1, "{servers:?}");
    let other = Live::new(Duration::ZERO).runs().await;
    assert!(!servers.contains(other["server"].as_str().unwrap()));
}

#[tokio::test(start_paused = true)]
async fn what_is_cleared_can_be_brought_back_for_ten_seconds() {
    let live = Live::new(Duration::ZERO);
    let mut events = live.events().await;
    events.expect("runs").await;
    let change = async |path| live.post("127.0.0.1", path).await.status().as_u16();
    ask(&live.fast, "/flags/br/br.gif").await;
    events.expect("changes").await;
    assert_eq!(change("/live/undo").await, 409);

    assert_eq!(change("/live/clear").await, 204);
    assert_eq!(events.expect("cleared").await, json!({"undoSeconds": 10}));
    assert_eq!(length(&live.runs().await["runs"]), 0);
    sleep(Duration::from_secs(9)).await;
    assert_eq!(change("/live/undo").await, 204);
    assert_eq!(events.expect_next("undone").await, json!({}));
    assert_eq!(length(&events.expect("runs").await["runs"]), 1);
    assert_eq!(length(&live.runs().await["runs"]), 1);
    assert_eq!(change("/live/undo").await, 409);

    assert_eq!(change("/live/clear").await, 204);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(change("/live/undo").await, 409);
    assert_eq!(length(&live.runs().await["runs"]), 0);
}

#[tokio::test(start_paused = true)]
async fn only_the_machine_of_the_server_clears() {
    let live = Live::new(Duration::ZERO);
    ask(&live.fast, "/flags/br/br.gif").await;
    for address in ["192.168.1.7", "::ffff:192.168.1.7", "fe80::1"] {
        for path in ["/live/clear", "/live/undo"] {
            assert_eq!(live.post(address, path).await.status(), 403, "{address}");
        }
    }
    assert_eq!(length(&live.runs().await["runs"]), 1);
    assert_eq!(live.post("::1", "/live/clear").await.status(), 204);
}

const REPORT: &str = r#"{"elapsed": 9, "threads": [{"role": "downloads", "work": []}]}"#;

#[tokio::test(start_paused = true)]
async fn a_program_reports_its_run_by_whatever_name_it_calls_the_server() {
    let live = Live::new(Duration::ZERO);
    let agent = "flags-async/0.1.0 (run 8f3a2c)";
    assert_eq!(live.report(agent, REPORT.into()).await.status(), 404);
    ask_as(&live.fast, agent, "/flags/br/br.gif").await;
    let mut events = live.events().await;
    assert_eq!(events.expect("runs").await["runs"][0]["report"], Value::Null);
    assert_eq!(live.report(agent, REPORT.into()).await.status(), 204);
    let run = events.expect("changes").await["runs"][0].take();
    assert_eq!(run["report"]["threads"][0]["role"], "downloads");
    assert_eq!(live.runs().await["runs"][0]["report"], run["report"]);

    assert_eq!(live.report(agent, REPORT.into()).await.status(), 409);

    let agent = "flags-seq/0.1.0 (run 1)";
    ask_as(&live.fast, agent, "/flags/br/br.gif").await;
    assert_eq!(live.report(agent, "{}".into()).await.status(), 400);
    let longest = 256 * 1024;
    let padded = |length| REPORT.to_owned() + &" ".repeat(length - REPORT.len());
    assert_eq!(live.report(agent, padded(longest + 1).into()).await.status(), 413);
    // Browsers send this type to every site, with no question before.
    let answer = live.report_as("text/plain", agent, REPORT.into()).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(live.report(agent, padded(longest).into()).await.status(), 204);
}

#[tokio::test(start_paused = true)]
async fn reports_that_do_not_arrive_do_not_stay() {
    let live = Live::new(Duration::ZERO);
    let agent = "flags-async/0.1.0 (run 8f3a2c)";
    ask_as(&live.fast, agent, "/flags/br/br.gif").await;
    let started = Instant::now();
    let stuck = || live.report(agent, Body::from_stream(stream::pending::<Part>()));
    let late = async {
        sleep(Duration::from_secs(1)).await;
        live.report(agent, REPORT.into()).await.status()
    };
    let (answers, refused) = tokio::join!(join_all((0..64).map(|_| stuck())), late);
    assert!(answers.iter().all(|answer| answer.status() == 400));
    assert_eq!(refused, 503, "there was no room for one more");
    assert_eq!(started.elapsed().as_secs(), 10);
    assert_eq!(live.report(agent, REPORT.into()).await.status(), 204);
}

/// A part of a body.
type Part = Result<Vec<u8>, std::convert::Infallible>;

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_too_slow_is_left_behind_and_takes_no_memory() {
    let live = Live::new(Duration::ZERO);
    let mut slow = live.events().await;
    slow.expect("runs").await;
    let mut quick = live.events().await;
    quick.expect("runs").await;
    // A name of one's own makes it another run, and its client is told each time.
    let mut bytes = 0;
    for request in 0.. {
        let agent = format!("{} {request}", "ä".repeat(60));
        let requests = (0..100).map(|_| ask_as(&live.fast, &agent, "/flags/br/br.gif"));
        join_all(requests).await;
        let changes = quick.expect("changes").await;
        assert_eq!(changes["runs"][0]["answered"], 100);
        bytes += changes.to_string().len();
        if bytes > 9 * 1024 * 1024 {
            break;
        }
    }
    // What it had read before, and no more: it has to come back.
    assert!(slow.try_next().await.is_none());
    assert_eq!(length(&live.events().await.expect("runs").await["runs"]), 50);
}

#[tokio::test(start_paused = true)]
async fn who_joins_while_something_happens_misses_nothing() {
    let live = Live::new(Duration::from_secs(1));
    let requests = (0..20).map(|number| {
        let live = &live;
        async move {
            sleep(number * Duration::from_millis(7)).await;
            ask(&live.slow, "/flags/br/br.gif").await;
        }
    });
    let readers = (0..20).map(|number| {
        let live = &live;
        async move {
            sleep(number * Duration::from_millis(61)).await;
            let mut events = live.events().await;
            let mut run = events.expect("runs").await["runs"][0].take();
            while run["answered"] != 20 {
                let changes = events.expect("changes").await["runs"][0].take();
                for bar in changes["bars"].as_array().unwrap() {
                    let number = bar["number"].as_u64().unwrap();
                    let number = usize::try_from(number).unwrap();
                    if run["bars"].is_null() {
                        run["bars"] = Value::Array(Vec::new());
                    }
                    let bars = run["bars"].as_array_mut().unwrap();
                    // Each continues what came before.
                    assert!(number <= bars.len());
                    if number == bars.len() {
                        bars.push(bar.clone());
                    } else {
                        bars[number] = bar.clone();
                    }
                }
                run["answered"] = changes["answered"].clone();
            }
            run["bars"].take()
        }
    });
    let (_, bars) = tokio::join!(join_all(requests), join_all(readers),);
    let expected = live.runs().await["runs"][0]["bars"].take();
    assert_eq!(length(&expected), 20);
    assert!(bars.iter().all(|bars| *bars == expected));
}

/// The delays that each of four runs meets, two of which name themselves, with five
/// flags one after another.
async fn delays_of_four_runs(seed: Option<u64>) -> Vec<Vec<Duration>> {
    let latency = Latency::Exponential { mean: Duration::from_secs(1) };
    let live = Live::with_latency(latency, seed);
    let mut runs = Vec::new();
    for agent in ["a (run 1)", "a (run 2)", "curl", "curl"] {
        let mut delays = Vec::new();
        for code in ["br", "cn", "id", "in", "us"] {
            let started = Instant::now();
            ask_as(&live.slow, agent, &format!("/flags/{code}/{code}.gif")).await;
            delays.push(started.elapsed());
        }
        runs.push(delays);
        // Without a name, this makes it another run.
        sleep(Duration::from_secs(5)).await;
    }
    runs
}

#[tokio::test(start_paused = true)]
async fn every_run_meets_the_same_delays_and_with_a_seed_in_the_same_order() {
    let runs = delays_of_four_runs(Some(1)).await;
    assert!(runs.iter().all(|delays| *delays == runs[0]));

    let mut orders = HashSet::new();
    let mut sets = HashSet::new();
    for _ in 0..20 {
        for mut delays in delays_of_four_runs(None).await {
            orders.insert(delays.clone());
            delays.sort_unstable();
            sets.insert(delays);
        }
    }
    assert_eq!(sets.len(), 1);
    assert!(orders.len() > 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_has_ended_its_request() {
    let live = Live::new(Duration::from_secs(3600));
    let request = ask(&live.slow, "/flags/br/br.gif");
    assert!(timeout(Duration::from_secs(9), request).await.is_err());
    let run = &live.runs().await["runs"][0];
    assert_eq!((&run["answered"], &run["failed"]), (&1.into(), &1.into()));
    assert_eq!((&run["inFlight"], &run["ended"]), (&0.into(), &9000.0.into()));
    assert_eq!(run["bars"][0]["end"], 9000.0);
    assert_eq!(run["bars"][0]["status"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn only_what_is_below_flags_is_recorded() {
    let live = Live::new(Duration::ZERO);
    for path in [
        "/",
        "/flags",
        "/flags/",
        "/favicon.ico",
        "/live/flags/br/br.gif",
        "/live/nothing",
    ] {
        ask(&live.fast, path).await;
    }
    assert_eq!(length(&live.runs().await["runs"]), 0);
    for (path, label, status) in [
        ("/flags/br/br.gif", "BR", 200),
        ("/flags/zz/zz.gif", "ZZ", 404),
        ("/flags/x", "/flags/x", 404),
    ] {
        ask(&live.fast, path).await;
        let runs = live.runs().await;
        let bar = runs["runs"][0]["bars"].as_array().unwrap().last().unwrap();
        assert_eq!((&bar["label"], &bar["status"]), (&label.into(), &status.into()));
    }
}
