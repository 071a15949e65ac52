//! Whether the page is connected, and that it does not pretend to be.

use crate::browser::Browser;
use crate::site::{Site, TWENTY};

const RUNS: &str = "return document.querySelectorAll('article').length";
const STATE: &str = "return document.getElementById('connection').dataset.state";

/// Requires that nothing grows over some frames.
async fn time_stands_still(browser: &Browser) {
    // What was drawn last may have been under way.
    browser.frame().await;
    let elapsed = browser.number(0, "elapsed").await;
    for _ in 0..10 {
        browser.frame().await;
    }
    assert_eq!(browser.number(0, "elapsed").await, elapsed);
}

#[cfg(unix)]
#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_frozen_site_is_noticed_and_so_is_its_awakening() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&site.page()).await;
    let mut waiting = site.connect();
    waiting.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    browser.wait_for_js(RUNS, 1).await;
    // Nothing but the heartbeat tells it that the server lives, and that suffices: the
    // clock goes on for longer than it would in silence.
    let passed = async || {
        let elapsed = browser.number(0, "elapsed").await;
        elapsed.strip_suffix(" s").and_then(|s| s.parse::<f64>().ok()).unwrap_or(0.0)
    };
    browser.wait_for("7 seconds", async || passed().await > 7.0).await;

    site.freeze(true);
    browser.wait_for_js(STATE, "lost").await;
    assert!(browser.text("#connection").await.contains("Not connected any more"));
    let dot = "const style = getComputedStyle(
            document.getElementById('connection'), '::before');
        return style.backgroundColor";
    assert_eq!(browser.js(dot).await, "rgba(0, 0, 0, 0)", "the dot is hollow");
    time_stands_still(&browser).await;
    let stood_at = passed().await;

    site.freeze(false);
    browser.wait_for_js(STATE, "connected").await;
    browser.wait_for("growth", async || passed().await > stood_at + 1.0).await;
    assert_ne!(browser.js(dot).await, "rgba(0, 0, 0, 0)");
    assert_eq!(browser.js(RUNS).await, 1);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn after_a_restart_of_the_site_the_runs_of_before_stay_until_they_are_cleared() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&site.page()).await;
    let mut waiting = site.connect();
    waiting.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    browser.wait_for_js(RUNS, 1).await;
    let port = site.url().trim_start_matches("http://127.0.0.1:");
    let port = port.trim_end_matches("/flags").to_owned();
    drop(site);
    browser.wait_for_js(STATE, "lost").await;
    assert!(browser.text("#connection").await.contains("Not connected any more"));
    // A bar that grows would say that the request is still in flight.
    time_stands_still(&browser).await;

    let site = Site::start(&format!("--port {port}"));
    browser.wait_for_js(STATE, "connected").await;
    let old = "return document.querySelectorAll('article.old').length";
    browser.wait_for_js(old, 1).await;
    assert_eq!(browser.number(0, "in-flight").await, "0");
    time_stands_still(&browser).await;
    browser.click("summary").await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 1).await;
    assert!(browser.text("tbody").await.ends_with("not known"));

    browser.click("#clear").await;
    browser.wait_for_js(RUNS, 0).await;
    browser.click("#cleared button").await;
    browser.wait_for_js(old, 1).await;

    // Both have a first run, and the page tells them apart.
    site.download("flags-async/0.1.0 (run 8f3a2c)", &TWENTY, 20).wait();
    browser.wait_for_js(RUNS, 2).await;
    browser.wait_for_finished(2).await;
    assert_eq!(browser.js(old).await, 1);
    assert_eq!(browser.number(0, "done").await, "20");
    let greyed = "return [...document.querySelectorAll('canvas.lanes')]
        .map((canvas) => getComputedStyle(canvas).filter)";
    assert_eq!(browser.js(greyed).await, serde_json::json!(["none", "grayscale(1)"]));
    let origin = browser.text("article.old .origin").await;
    assert!(origin.ends_with("before the restart"), "{origin}");
    browser.click("#clear").await;
    browser.wait_for_js(RUNS, 0).await;
    browser.click("#cleared button").await;
    browser.wait_for_js(RUNS, 2).await;
    assert_eq!(browser.js(old).await, 1);
}
