//! What can be clicked, and what the page says of itself.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, told_otherwise};
use crate::site::{Site, TWENTY};

const RUNS: &str = "return document.querySelectorAll('article').length";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn all_pages_are_cleared_by_one_and_by_one_all_is_undone() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    assert!(browser.text("#empty").await.contains("Nothing has been downloaded"));
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(false).await.unwrap().handle;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.goto(&site.page()).await;
    let all_windows_have = async |runs: u64| {
        for window in [&first, &second] {
            browser.client.switch_to_window(window.clone()).await.unwrap();
            browser.wait_for_js(RUNS, runs).await;
            let hint = browser.text("#empty").await;
            assert_eq!(hint.contains("Nothing has been downloaded"), runs == 0, "{hint}");
        }
    };
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    all_windows_have(1).await;
    browser.click("#clear").await;
    all_windows_have(0).await;
    assert_eq!(site.runs()["runs"], json!([]));

    browser.client.switch_to_window(first.clone()).await.unwrap();
    assert!(browser.text("#cleared").await.contains("All runs are cleared."));
    browser.click("#cleared button").await;
    all_windows_have(1).await;
    assert_eq!(browser.number(0, "done").await, "20");
    assert_eq!(browser.text("#cleared").await, "");

    // What is not undone in time is gone, and the page does not offer it any more.
    browser.click("#clear").await;
    all_windows_have(0).await;
    let is_offered = "return !document.getElementById('cleared').hidden";
    browser.wait_for_js(is_offered, true).await;
    browser.wait_for_js(is_offered, false).await;
    // The history begins anew, and so does the page.
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    all_windows_have(1).await;
    assert_eq!(browser.text("#notice").await, "");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn who_may_not_clear_is_told_why() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    let far_away = told_otherwise("event.isLoopback = false;");
    browser.prepare(&far_away, &site.page()).await;
    browser.wait_for_js(RUNS, 1).await;
    let clear = browser.client.find(Locator::Id("clear")).await.unwrap();
    assert_eq!(clear.attr("aria-disabled").await.unwrap().as_deref(), Some("true"));
    clear.click().await.unwrap();
    let why = "only the computer that serves them can do it";
    browser
        .wait_for("a reason", async || browser.text("#notice").await.contains(why))
        .await;
    browser.frame().await;
    assert_eq!(site.runs()["runs"].as_array().unwrap().len(), 1);
    assert_eq!(browser.js(RUNS).await, 1);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_command_follows_the_choice_and_is_copied() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
    browser.tell("Browser.grantPermissions", &json!({ "permissions": permissions }));
    let command = |program: &str| format!("cargo run -p {program} -- -s {}", site.url());
    assert_eq!(browser.text("#command").await, command("flags-async"));
    assert_eq!(browser.text("#behaviour").await, "answers at once");
    browser.click("label:has([value=flags-seq])").await;
    assert_eq!(browser.text("#command").await, command("flags-seq"));
    // With as many threads as flags its picture would be that of flags-async.
    browser.click("label:has([value=flags-threadpool])").await;
    let pool = format!("cargo run -p flags-threadpool -- -m 5 -s {}", site.url());
    assert_eq!(browser.text("#command").await, pool);

    browser.click("#copy").await;
    browser
        .wait_for_js("return document.getElementById('copy').textContent", "Copied")
        .await;
    let pasted =
        "const done = arguments[0]; navigator.clipboard.readText().then(done, done)";
    let pasted = browser.client.execute_async(pasted, Vec::new()).await.unwrap();
    assert_eq!(pasted, pool.as_str());
    browser
        .wait_for_js("return document.getElementById('copy').textContent", "Copy")
        .await;

    // Over a network without HTTPS there is no such thing.
    browser
        .js("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        .await;
    browser.click("#copy").await;
    browser.wait_for_js("return String(getSelection()).trim()", pool.as_str()).await;
    assert!(browser.text("#notice").await.contains("Ctrl+C"));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn everything_can_be_done_by_keyboard() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    browser.wait_for_finished(1).await;
    // The name of what has the focus, and whether that is seen.
    let focus = "const { activeElement: it } = document;
        const shown = it.matches('input') ? it.nextElementSibling : it;
        const { outlineStyle } = getComputedStyle(shown);
        return [it.id || it.value || it.className || it.tagName, outlineStyle]";
    for expected in [
        "skip",
        "flags-async",
        "LOCAL",
        "to-compare",
        "to-replay",
        "clear",
        "copy",
        "pin",
        "hide",
        "lanes",
        "SUMMARY",
    ] {
        browser.press(Key::Tab).await;
        let focus = browser.js(focus).await;
        assert_eq!(focus[0], expected);
        assert_ne!(focus[1], "none", "{expected}");
    }
    browser.press(Key::Enter).await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 20).await;
    let clear = browser.client.find(Locator::Id("clear")).await.unwrap();
    clear.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
    browser.wait_for_js(RUNS, 0).await;
}
