//! Runs that are made up, so that it is known to the millisecond what happened in them.

use serde_json::{Value, json};

use crate::browser::{Browser, told_otherwise};
use crate::site::TWENTY;

/// How long the site has the twenty flags wait, in milliseconds: 7.18 s in all.
const DELAYS: [u32; 20] = [
    100, 130, 200, 270, 310, 350, 380, 400, 150, 90, 60, 240, 520, 640, 880, 110, 210,
    330, 520, 1290,
];
/// For how long a program is at work after an answer, and before its next request.
const BETWEEN: u32 = 6;
/// Long before the page is opened, so that the runs are over.
const STARTED: i32 = -60_000;

/// What the page is told of a run that is over: each of the workers takes the next flag
/// when it has got one.
pub(crate) fn run(id: u32, program: &str, workers: usize) -> Value {
    let mut free = vec![0; workers];
    let mut bars = Vec::new();
    for (number, (code, delay)) in TWENTY.into_iter().zip(DELAYS).enumerate() {
        let lane = (0..workers).min_by_key(|&lane| free[lane]).unwrap();
        let start = free[lane];
        free[lane] = start + delay + BETWEEN;
        bars.push(json!({
            "number": number, "lane": lane, "label": code.to_uppercase(), "thread": null,
            "flag": format!("{code}/{code}.gif"),
            "start": start, "end": start + delay, "status": 200,
        }));
    }
    let elapsed = free.into_iter().max().unwrap() - BETWEEN;
    json!({
        "id": id, "site": "The site", "client": format!("{program}/0.1.0"),
        "run": format!("{id:06}"), "name": null, "address": "127.0.0.1",
        "started": STARTED, "ended": f64::from(STARTED) + f64::from(elapsed),
        "requests": 20, "answered": 20, "failed": 0, "notFound": 0, "inFlight": 0,
        "largestInFlight": workers, "longestDelay": 1290.0,
        "sumOfTimes": DELAYS.iter().sum::<u32>(), "report": null, "bars": bars,
    })
}

/// The three ways to wait, in an order in which nobody teaches them.
pub(crate) fn three() -> [Value; 3] {
    [run(0, "flags-async", 20), run(1, "flags-seq", 1), run(2, "flags-threadpool", 5)]
}

/// Has the run told by which threads it was done, one for each lane or one for all, and
/// when these were at work: as it sends a request, and after each answer.
pub(crate) fn with_threads(mut run: Value, is_each: bool) -> Value {
    let mut threads: Vec<Vec<[f64; 2]>> = Vec::new();
    for bar in run["bars"].as_array_mut().unwrap() {
        let thread = if is_each {
            usize::try_from(bar["lane"].as_u64().unwrap()).unwrap()
        } else {
            0
        };
        bar["thread"] = json!(thread + 1);
        threads.resize(threads.len().max(thread + 1), Vec::new());
        let [start, end] = ["start", "end"].map(|name| bar[name].as_f64().unwrap());
        let saved = end + f64::from(BETWEEN);
        threads[thread].extend([[start, start + 0.1], [end + 0.1, saved]]);
    }
    let threads = threads.into_iter().map(|mut work| {
        work.sort_by(|one, other| one[0].total_cmp(&other[0]));
        json!({ "role": "downloads", "work": work })
    });
    let elapsed = run["ended"].as_f64().unwrap() - run["started"].as_f64().unwrap();
    let elapsed = elapsed + f64::from(BETWEEN);
    let threads: Vec<_> = threads.collect();
    run["report"] = json!({ "elapsed": elapsed, "cpu": 13.2, "threads": threads });
    run
}

/// Loads a page that is told of these runs, and of nothing else.
pub(crate) async fn tell(browser: &Browser, url: &str, runs: &[Value]) {
    // In a block of its own, as those that were told before are told first, every time.
    let script = told_otherwise(&format!("event.runs = {};", json!(runs)));
    browser.prepare(&format!("{{ {script} }}"), url).await;
    browser.frame().await;
}
