//! What is told of the requests to two sites, and when.

use std::collections::HashSet;
use std::time::Duration;

use flags_server::Latency;
use futures::future::join_all;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use super::history::PERIOD;
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
    // Nothing changes any more, so nothing is told, and the connection stays.
    assert!(timeout(Duration::from_secs(3600), events.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_too_slow_gets_everything_anew() {
    let live = Live::new(Duration::ZERO);
    let mut slow = live.events().await;
    slow.expect("runs").await;
    let mut quick = live.events().await;
    quick.expect("runs").await;
    for request in 1..=1000 {
        ask(&live.fast, "/flags/br/br.gif").await;
        let changes = quick.expect("changes").await;
        assert_eq!(changes["runs"][0]["answered"], request);
    }
    let everything = slow.expect("runs").await;
    assert_eq!(length(&everything["runs"][0]["bars"]), 1000);
    ask(&live.fast, "/flags/br/br.gif").await;
    assert_eq!(slow.expect("changes").await["runs"][0]["answered"], 1001);
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
                    bars.truncate(bars.len().max(number));
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
