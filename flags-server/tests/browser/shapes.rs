//! What the page shows of the runs: their shapes, as they grow and after all is over.

use serde_json::json;

use crate::browser::Browser;
use crate::site::{Site, TWENTY};

/// How many bars lie above each other at most, read off the pixels of each run. Two
/// lanes are apart by a line without paint, and there is one below the last lane too:
/// where that is painted, it is by the grid, and the next column tells as much.
const HIGHEST_PILE: &str = "
    return [...document.querySelectorAll('canvas.lanes')].map((canvas) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
        const isPainted = (x, y) => pixels[4 * (y * width + x) + 3] > 128;
        let highest = 0;
        for (let x = 0; x < width; x += 1) {
            if (isPainted(x, height - 1)) continue;
            let pile = 0;
            for (let y = 0; y + 1 < height; y += 1) {
                pile += isPainted(x, y) && !isPainted(x, y + 1) ? 1 : 0;
            }
            highest = Math.max(highest, pile);
        }
        return highest;
    });";

/// The same, read off the tables: the most that are in flight when one starts.
const LARGEST_OVERLAP: &str = "
    return [...document.querySelectorAll('article')].map((run) => {
        const time = (text) => parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);
        const bars = [...run.querySelectorAll('tbody tr')].map(({ cells }) => {
            const start = time(cells[4].textContent);
            return { start, end: start + time(cells[5].textContent) };
        });
        return Math.max(...bars.map(({ start }) =>
            // What is written is rounded to hundredths of a second.
            bars.filter((bar) => bar.start <= start && bar.end > start + 30).length));
    });";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_three_shapes_are_plain() {
    let site = Site::start("--port 0 --latency 400ms");
    let browser = Browser::open(&site.page()).await;
    for (agent, workers) in [
        ("flags-seq/0.1.0 (run 1a2b3c)", 1),
        ("flags-threadpool/0.1.0 (run 4d5e6f)", 4),
        ("flags-async/0.1.0 (run 8f3a2c)", 20),
    ] {
        site.download(agent, &TWENTY, workers).wait();
    }
    browser.wait_for_finished(3).await;

    // The newest comes first.
    let largest = json!([20, 4, 1]);
    browser.wait_for_js(HIGHEST_PILE, largest.clone()).await;
    browser
        .js("document.querySelectorAll('details').forEach((d) => d.open = true)")
        .await;
    browser.wait_for_js(LARGEST_OVERLAP, largest).await;
    for (run, largest) in [20, 4, 1].into_iter().enumerate() {
        assert_eq!(browser.number(run, "largest").await, largest.to_string());
        assert_eq!(browser.number(run, "done").await, "20");
        assert_eq!(browser.number(run, "in-flight").await, "0");
        let average: f64 = browser.number(run, "average").await.parse().unwrap();
        let largest = f64::from(largest);
        assert!(average > largest / 3.0 && average <= largest, "{average}");
    }
    for name in ["flags-async", "flags-threadpool", "flags-seq"] {
        assert!(browser.text("#runs").await.contains(name));
    }
    assert!(browser.text("#runs").await.contains("run 8f3a2c"));

    // What nobody sees is told in words.
    let label =
        "return document.querySelector('canvas.lanes').getAttribute('aria-label')";
    let label = browser.js(label).await.as_str().unwrap().to_owned();
    let words = "flags-async at The site: 20 requests in 20 lanes, 20 flags, \
         20 in flight at most, ";
    assert!(label.starts_with(words), "{label}");
    assert!(label.contains(" in flight on average, "), "{label}");
    assert!(!browser.text("body").await.to_lowercase().contains("speed-up"));
    let news = "return document.getElementById('news').textContent.slice(0, 9)";
    browser.wait_for_js(news, "Finished:").await;
}

/// The time that the longest bar stands for, in milliseconds, by its pixels and the axis.
const LONGEST_BAR: &str = "
    const canvas = document.querySelector('canvas.lanes');
    if (!canvas || canvas.width === 0) return 0;
    const row = canvas.getContext('2d').getImageData(0, 4, canvas.width, 1).data;
    const [, end, unit] = / to ([0-9.]+) (m?s)$/
        .exec(document.querySelector('.axis').getAttribute('aria-label'));
    // The grid begins at the left, so the bar is counted up to the first gap.
    let right = 0;
    while (right < canvas.width && row[4 * right + 3] > 128) right += 1;
    return right / canvas.width * end * (unit === 's' ? 1000 : 1);";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_bar_grows_while_its_request_is_in_flight() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&site.page()).await;
    let mut connection = site.connect();
    connection.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    let mut shorter = 0.0;
    // Twice, so that not only its appearance is seen.
    for _ in 0..2 {
        let longer = async || browser.js(LONGEST_BAR).await.as_f64().unwrap();
        browser.wait_for("growth", async || longer().await > shorter + 200.0).await;
        shorter = longer().await;
    }
    assert_eq!(browser.number(0, "in-flight").await, "1");
    assert_eq!(browser.number(0, "done").await, "0");

    // A client that goes away has given up, which is a failure and ends the bar.
    drop(connection);
    browser.wait_for_finished(1).await;
    assert_eq!(browser.number(0, "given-up").await, "1");
    assert_eq!(browser.number(0, "errors").await, "0");
    browser.click("summary").await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 1).await;
    assert!(browser.text("tbody").await.ends_with("given up"));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn who_joins_late_sees_what_was_before() {
    let site = Site::start("--port 0 --latency 3600");
    let mut waiting = site.connect();
    waiting.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    let gone = site.ask_for("gone/1", ["/flags".to_owned()].into(), 1);
    assert_eq!(gone.wait(), [200]);
    site.wait_for_in_flight(1);
    let browser = Browser::open(&site.page()).await;
    browser.wait_for_js("return document.querySelectorAll('article').length", 1).await;
    assert_eq!(browser.number(0, "in-flight").await, "1");
    let longest = async || browser.js(LONGEST_BAR).await.as_f64().unwrap();
    browser.wait_for("a bar", async || longest().await > 0.0).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn failures_are_told_by_more_than_colour() {
    let site = Site::start("--port 0 --latency 1ms --error-rate 1");
    let browser = Browser::open(&site.page()).await;
    let agent = "flags-seq/0.1.0 (run 1a2b3c)";
    assert_eq!(site.download(agent, &["br"], 1).wait(), [418]);
    browser.wait_for_finished(1).await;
    assert_eq!(browser.number(0, "done").await, "0");
    assert_eq!(browser.number(0, "errors").await, "1");
    assert!(browser.text("article dl").await.contains("errors"));
    browser.click("summary").await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 1).await;
    assert!(browser.text("tbody").await.ends_with("418 error"));

    let site = Site::start("--port 0");
    assert_eq!(site.download(agent, &["zz", "br"], 1).wait(), [404, 200]);
    browser.goto(&site.page()).await;
    browser.wait_for_finished(1).await;
    assert_eq!(browser.number(0, "not-found").await, "1");
    assert_eq!(browser.number(0, "done").await, "1");
    assert_eq!(browser.number(0, "errors").await, "0");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn what_is_not_found_is_counted_where_not_every_request_has_a_bar() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let paths = (0..1200).map(|number| match number % 3 {
        0 => "/flags/br/br.gif".to_owned(),
        _ => "/flags/zz/zz.gif".to_owned(),
    });
    site.ask_for("flags-async/0.1.0 (run 8f3a2c)", paths.collect(), 20).wait();
    // Not until it has finished, which it looks like between any two answers.
    for (part, number) in [("not-found", "800"), ("done", "400")] {
        let are_counted = async || browser.number(0, part).await == number;
        browser.wait_for(part, are_counted).await;
    }
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn changes_lead_to_what_a_late_joiner_is_told() {
    let site = Site::start("--port 0 --latency exp:20ms --error-rate 0.1");
    let browser = Browser::open(&site.page()).await;
    // The module of the page once more, with a connection of its own.
    let script = "const done = arguments[0];
        import('/live/runs.js').then(({ Runs }) => {
            window.told = new Runs();
            const events = new EventSource('/live/events');
            const on = (name, take) => events.addEventListener(name, ({ data }) => {
                take(JSON.parse(data));
                done(null);
            });
            on('runs', (event) => window.told.replace(event, 0));
            on('changes', (event) => window.told.change(event, 0));
        });";
    browser.client.execute_async(script, Vec::new()).await.unwrap();
    let runs = [1, 5, 20].map(|workers| {
        site.download(&format!("flags-async/0.1.0 (run {workers})"), &TWENTY, workers)
    });
    for downloads in runs {
        downloads.wait();
    }
    let are_equal = "const done = arguments[0];
        fetch('/live/runs.json').then((answer) => answer.json()).then(({ runs }) => {
            const told = window.told.all;
            // Which of them is which, is a matter of the page.
            const same = told.map(({ key, isOld, ...run }) => run);
            done(told.length === 3 && JSON.stringify(same) === JSON.stringify(runs));
        });";
    let are_equal = async || browser.client.execute_async(are_equal, Vec::new()).await;
    browser.wait_for("equality", async || are_equal().await.unwrap() == true).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn nothing_is_drawn_when_nothing_moves() {
    let site = Site::start("--port 0 --latency 50ms");
    let browser = Browser::open(&site.page()).await;
    browser
        .js("window.planned = 0;
             const plan = window.requestAnimationFrame;
             window.requestAnimationFrame = (draw) => {
                 window.planned += 1;
                 return plan(draw);
             };
             window.plan = plan;")
        .await;
    site.download("flags-async/0.1.0 (run 8f3a2c)", &TWENTY, 20).wait();
    browser.wait_for_finished(1).await;
    let rest = "const done = arguments[0];
        const before = window.planned;
        let frames = 0;
        const count = () => {
            frames += 1;
            if (frames < 30) window.plan(count); else done(window.planned - before);
        };
        window.plan(count);";
    // Pictures may come after the last answer, and are drawn.
    let quiet =
        async || browser.client.execute_async(rest, Vec::new()).await.unwrap() == 0;
    browser.wait_for("rest", quiet).await;
    let planned = browser.js("return window.planned").await.as_u64().unwrap();
    assert!(planned > 0);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn as_fast_is_said_only_of_what_was_measured_and_lost_nothing() {
    let site = Site::start("--port 0 --latency 100ms");
    let browser = Browser::open(&site.page()).await;
    let is_said = "return [...document.querySelectorAll('.factor')]
        .map((factor) => !factor.hidden)";
    let (five, other) = (&TWENTY[..5], &TWENTY[5..10]);
    let agent = "flags-async/0.1.0 (run 8f3a2c)";
    site.download(agent, five, 5).wait();
    site.download("flags-seq/0.1.0 (run 1a2b3c)", other, 1).wait();
    browser.wait_for_finished(2).await;
    let is_over = "return document.querySelectorAll('.shares:not([hidden])').length";
    browser.wait_for_js(is_over, 2).await;
    assert_eq!(browser.js(is_said).await, json!([false, false]), "other flags");

    site.download("flags-seq/0.1.0 (run 4d5e6f)", five, 1).wait();
    browser.wait_for_js(is_said, json!([false, false, true])).await;
    let factor = browser.number(2, "factor").await;
    let factor: f64 = factor.trim_end_matches(" ×").parse().unwrap();
    let runs = &site.runs()["runs"];
    let elapsed = |run: usize| {
        let time = |name| runs[run][name].as_f64().unwrap();
        time("ended") - time("started")
    };
    // The first is that of flags-async, and the last is measured against.
    let expected = elapsed(2) / elapsed(0);
    assert!((factor - expected).abs() < 0.06, "{factor} and not {expected}");
    let words = browser.text("article:last-child .factor").await;
    assert!(words.contains("as fast"), "{words}");

    // Who gives up a flag was not faster, however short it took.
    let mut connection = site.connect();
    site.download("flags-async/0.1.0 (run 9c9c9c)", &five[1..], 4).wait();
    connection.send_as("flags-async/0.1.0 (run 9c9c9c)", "/flags/cn/cn.gif");
    site.wait_for_in_flight(1);
    drop(connection);
    browser.wait_for_finished(4).await;
    browser.wait_for_js(is_over, 4).await;
    assert_eq!(browser.number(0, "given-up").await, "1");
    assert_eq!(browser.js(is_said).await, json!([false, false, false, true]));
}

/// Of the newest run: how high it is drawn, how far it reaches by the axis in
/// milliseconds, and its highest and lowest height on the way there.
const CURVE: &str = "
    const canvas = document.querySelector('canvas.lanes');
    const { width, height } = canvas;
    if (width === 0) return null;
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const hex = getComputedStyle(document.documentElement)
        .getPropertyValue('--waiting').trim();
    const isPale = (x, y) => [0, 1, 2].every((part) =>
        pixels[4 * (y * width + x) + part]
            === parseInt(hex.slice(1 + 2 * part, 3 + 2 * part), 16));
    const heights = [...Array(width).keys()].map((x) =>
        [...Array(height).keys()].filter((y) => isPale(x, y)).length);
    const [, end, unit] = / to ([0-9.]+) (m?s)$/
        .exec(document.querySelector('.axis').getAttribute('aria-label'));
    const last = heights.findLastIndex((high) => high > 0);
    return {
        high: canvas.getBoundingClientRect().height,
        end: last / width * end * (unit === 's' ? 1000 : 1),
        highest: Math.max(...heights) / height,
    };";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn beyond_a_thousand_requests_the_number_in_flight_is_drawn_to_the_end() {
    let site = Site::start("--port 0 --latency 20ms");
    let browser = Browser::open(&site.page()).await;
    let paths = vec!["/flags/br/br.gif".to_owned(); 2000];
    site.ask_for("flags-async/0.1.0 (run 8f3a2c)", paths.into(), 20).wait();
    browser.wait_for_finished(1).await;
    let run = &site.runs()["runs"][0];
    let elapsed = run["ended"].as_f64().unwrap() - run["started"].as_f64().unwrap();
    let last_bar = run["bars"][999]["end"].as_f64().unwrap();
    assert!(last_bar < elapsed * 0.9, "the bars end long before the run");
    let reaches_the_end = async || {
        let curve = browser.js(CURVE).await;
        curve["end"].as_f64().is_some_and(|end| end > elapsed * 0.95)
    };
    browser.wait_for("the end", reaches_the_end).await;
    let curve = browser.js(CURVE).await;
    assert!(curve["end"].as_f64().unwrap() < elapsed * 1.05, "{curve}");
    assert!(curve["highest"].as_f64().unwrap() > 0.8, "{curve}");
    assert!(curve["high"].as_f64().unwrap() <= 720.0, "{curve}");
    assert_eq!(browser.number(0, "done").await, "2000");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn lanes_that_would_be_too_thin_become_a_curve_on_one_screen() {
    let site = Site::start("--port 0 --latency 1");
    let browser = Browser::open(&site.page()).await;
    // 90 lanes fit into the least height that a run gets, and 150 do not.
    for (run, workers) in [90, 150].into_iter().enumerate() {
        let paths = vec!["/flags/br/br.gif".to_owned(); workers];
        let agent = format!("flags-async/0.1.0 (run {run})");
        site.ask_for(&agent, paths.into(), workers).wait();
        browser.wait_for_finished(run + 1).await;
        let high = async || browser.js(CURVE).await["highest"].as_f64().unwrap_or(0.0);
        // Lanes have outlines between them, which are half of them here.
        browser.wait_for("a drawing", async || high().await > 0.2).await;
        assert_eq!(high().await > 0.8, workers == 150, "{}", high().await);
        let height = browser.js(CURVE).await["high"].as_f64().unwrap();
        assert!(height <= 720.0, "{height}");
    }
}
