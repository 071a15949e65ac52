//! Who works in a run, and where its time went.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::site::{As, Site, TWENTY, Threads};

/// The rows of threads of the newest run: for each the number of separate dark marks,
/// read off the pixels where the style sheet says what is dark.
const MARKS_OF_THREADS: &str = "
    const canvas = document.querySelector('canvas.threads');
    const { width, height } = canvas ?? { width: 0 };
    if (width === 0 || height === 0) return [];
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const work = getComputedStyle(document.documentElement)
        .getPropertyValue('--work').trim();
    const isWork = (x, y) => {
        const [r, g, b] = pixels.slice(4 * (y * width + x), 4 * (y * width + x) + 3);
        const hex = [r, g, b].map((part) => part.toString(16).padStart(2, '0'));
        return '#' + hex.join('') === work;
    };
    const rows = [];
    let isInRow = false;
    for (let y = 0; y < height; y += 1) {
        let marks = 0;
        for (let x = 0; x < width; x += 1) {
            marks += isWork(x, y) && !(x > 0 && isWork(x - 1, y)) ? 1 : 0;
        }
        if (marks > 0 && !isInRow) rows.push(marks);
        isInRow = marks > 0;
    }
    return rows;";

const PARTS: &str = "return [...document.querySelectorAll('.shares')].map((shares) =>
    [...shares.querySelectorAll('li')].map((part) => part.textContent))";

fn reported() -> Value {
    let saver = |at: f64| json!({ "role": "saves", "work": [[at, at + 10.0]] });
    json!({
        "elapsed": 402.1, "cpu": 13.2,
        "threads": [
            { "role": "downloads", "work": [[0.0, 50.0], [300.0, 350.0]] },
            saver(350.0), saver(360.0),
        ],
    })
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn one_thread_and_twenty_are_two_pictures() {
    let site = Site::start("--port 0 --latency 400ms");
    let browser = Browser::open(&site.page()).await;
    let rows = async || browser.js(MARKS_OF_THREADS).await;
    let words = async || browser.text(".who-works").await;

    let pool = As {
        agent: "flags-threadpool/0.1.0 (run 4d5e6f)",
        threads: Threads::Each,
        ..As::default()
    };
    site.download(pool, &TWENTY, 20).wait();
    browser.wait_for_finished(1).await;
    // Each sends at the begin and receives at the end, and each can be seen.
    browser.wait_for_js(MARKS_OF_THREADS, json!(vec![2; 20])).await;
    assert_eq!(words().await, "20 threads");

    let event_loop = As {
        agent: "flags-async/0.1.0 (run 8f3a2c)",
        threads: Threads::One,
        ..As::default()
    };
    site.download(event_loop, &TWENTY, 20).wait();
    browser.wait_for_finished(2).await;
    browser.wait_for("a row", async || rows().await.as_array().unwrap().len() == 1).await;
    assert_eq!(words().await, "1 thread");

    // What the client itself tells at its end is more.
    assert_eq!(site.report(event_loop.agent, &reported()), 204);
    browser.wait_for_js(MARKS_OF_THREADS, json!([2, 1, 1])).await;
    assert_eq!(words().await, "1 thread + 2 that save · CPU 13 ms of 402 ms");

    // For so short a run, not every system counts what the processor has done.
    let uncounted = As { agent: "flags-async/0.1.0 (run 9a4b1c)", ..event_loop };
    site.download(uncounted, &TWENTY, 20).wait();
    let mut report = reported();
    report["cpu"] = Value::Null;
    assert_eq!(site.report(uncounted.agent, &report), 204);
    browser.wait_for_finished(3).await;
    browser.wait_for_js(MARKS_OF_THREADS, json!([2, 1, 1])).await;
    assert_eq!(words().await, "1 thread + 2 that save");

    site.download("curl/8.5.0", &TWENTY, 1).wait();
    browser.wait_for_finished(4).await;
    assert_eq!(words().await, "");
    assert_eq!(rows().await, json!([]));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn what_a_thread_does_is_seen_while_it_does_it() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&site.page()).await;
    let mut connections = [1, 2, 3].map(|thread| (thread, site.connect()));
    for (thread, connection) in &mut connections {
        connection.send(&format!(
            "GET /flags/br/br.gif HTTP/1.1\r\nHost: flags\r\nflags-thread: {thread}\r\n\
             User-Agent: flags-threadpool/0.1.0 (run 4d5e6f)\r\n\r\n"
        ));
    }
    site.wait_for_in_flight(3);
    browser.wait_for_js(MARKS_OF_THREADS, json!([1, 1, 1])).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn where_the_time_went_is_said_of_what_was_measured() {
    let site = Site::start("--port 0 --latency 400ms");
    let browser = Browser::open(&site.page()).await;
    let agent = "flags-seq/0.1.0 (run 1a2b3c)";
    site.download(agent, &["br"], 1).wait();
    let parts = async || browser.js(PARTS).await[0].clone();
    browser.wait_for("parts", async || parts().await != json!([])).await;
    // Nobody knows what the client did meanwhile, so nothing is said of it.
    let known = parts().await;
    assert!(known[0].as_str().unwrap().starts_with("waiting for the site "), "{known}");
    assert!(!known.to_string().contains("idle"), "{known}");
    assert!(!known.to_string().contains("saving"), "{known}");
    let one_bar = "return document.querySelectorAll('.shares .bar').length";
    assert_eq!(browser.js(one_bar).await, 1);

    // A quarter of its time it worked after the last answer.
    let elapsed = site.runs()["runs"][0]["sumOfTimes"].as_f64().unwrap() * 4.0 / 3.0;
    let report = json!({
        "elapsed": elapsed, "cpu": 1.0,
        "threads": [{ "role": "downloads", "work": [[elapsed * 0.77, elapsed]] }],
    });
    assert_eq!(site.report(agent, &report), 204);
    let share = async |name: &str| {
        let parts = parts().await;
        let mut parts = parts.as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        let part = parts.find_map(|part| part.strip_prefix(name))?.strip_suffix(" %")?;
        part.trim().parse::<i32>().ok()
    };
    browser
        .wait_for("work", async || share("receiving and saving").await.is_some())
        .await;
    assert!((20..=26).contains(&share("receiving and saving").await.unwrap()));
    assert!((70..=76).contains(&share("waiting for the site").await.unwrap()));
}

/// What `whereTheTimeWent` says of a run that is over, in parts of a hundred.
const SHARES: &str = "const [run, done] = arguments;
    import('/live/work.js').then(({ whereTheTimeWent }) => {
        const parts = whereTheTimeWent(run, 1e9);
        done(Object.fromEntries(parts.map(({ part, share }) =>
            [part, Math.round(share * 100)])));
    });";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn each_place_is_at_one_thing_at_a_time() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let bar = |start: f64, end: f64| json!({ "start": start, "end": end, "status": 200 });
    let run = |bars: &[Value], threads: Value| {
        json!({
            "started": 0, "ended": 100, "inFlight": 0, "requests": bars.len(),
            "largestInFlight": 2, "sumOfTimes": 100, "bars": bars,
            "report": { "elapsed": 100, "cpu": 1, "threads": threads },
        })
    };
    let thread = |work: Value| json!([{ "role": "downloads", "work": work }]);
    for (what, run, expected) in [
        (
            // Two places: one is in flight all the time, and the other half of it.
            "waiting",
            run(&[bar(0.0, 100.0), bar(0.0, 50.0)], thread(json!([]))),
            json!({ "site": 75, "turn": 0, "work": 0, "idle": 25 }),
        ),
        (
            // While the thread works, the flag that has not begun waits for its turn.
            "a turn",
            run(
                &[bar(0.0, 10.0), bar(0.0, 10.0), bar(90.0, 100.0)],
                thread(json!([[10.0, 90.0]])),
            ),
            json!({ "site": 15, "turn": 40, "work": 40, "idle": 5 }),
        ),
        (
            // The request is on its way, or the client does what nobody has measured.
            "a free thread",
            run(&[bar(0.0, 50.0), bar(0.0, 50.0), bar(60.0, 100.0)], thread(json!([]))),
            json!({ "site": 70, "turn": 0, "work": 0, "idle": 30 }),
        ),
        (
            "work until the end",
            run(&[bar(0.0, 0.1), bar(0.0, 0.1)], thread(json!([[0.0, 100.0]]))),
            json!({ "site": 0, "turn": 0, "work": 50, "idle": 50 }),
        ),
    ] {
        let shares = browser.client.execute_async(SHARES, vec![run]).await.unwrap();
        assert_eq!(shares, expected, "{what}");
    }
}
