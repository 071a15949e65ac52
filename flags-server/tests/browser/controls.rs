//! What can be clicked, and what the page says of itself.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::Browser;
use crate::site::{Site, TWENTY};

const RUNS: &str = "return document.querySelectorAll('article').length";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn all_pages_are_cleared_by_one() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    assert!(browser.text("#empty").await.contains("Type the command"));
    let first = browser.client.window().await.unwrap();
    let second = browser.client.new_window(false).await.unwrap().handle;
    browser.client.switch_to_window(second.clone()).await.unwrap();
    browser.goto(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    for window in [&first, &second] {
        browser.client.switch_to_window(window.clone()).await.unwrap();
        browser.wait_for_js(RUNS, 1).await;
        assert_eq!(browser.text("#empty").await, "");
    }
    browser.click("#clear").await;
    for window in [&first, &second] {
        browser.client.switch_to_window(window.clone()).await.unwrap();
        browser.wait_for_js(RUNS, 0).await;
        assert!(browser.text("#empty").await.contains("Type the command"));
    }
    assert_eq!(site.runs()["runs"], json!([]));

    // The history begins anew, and so does the page.
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    browser.wait_for_js(RUNS, 1).await;
    assert_eq!(browser.text("#notice").await, "");
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
    for program in ["flags-seq", "flags-threadpool"] {
        browser.click(&format!("label:has([value={program}])")).await;
        assert_eq!(browser.text("#command").await, command(program));
    }

    browser.click("#copy").await;
    browser
        .wait_for_js("return document.getElementById('copy').textContent", "Copied")
        .await;
    let pasted =
        "const done = arguments[0]; navigator.clipboard.readText().then(done, done)";
    let pasted = browser.client.execute_async(pasted, Vec::new()).await.unwrap();
    assert_eq!(pasted, command("flags-threadpool"));
    browser
        .wait_for_js("return document.getElementById('copy').textContent", "Copy")
        .await;

    // Over a network without HTTPS there is no such thing.
    browser
        .js("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        .await;
    browser.click("#copy").await;
    browser
        .wait_for_js("return String(getSelection()).trim()", command("flags-threadpool"))
        .await;
    assert!(browser.text("#notice").await.contains("Ctrl+C"));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn everything_can_be_done_by_keyboard() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    browser.wait_for_finished(1).await;
    let press = async |key: Key| {
        let element = browser.client.active_element().await.unwrap();
        element.send_keys(&char::from(key).to_string()).await.unwrap();
    };
    // The name of what has the focus, and whether that is seen.
    let focus = "const { activeElement: it } = document;
        const shown = it.matches('input') ? it.nextElementSibling : it;
        const { outlineStyle } = getComputedStyle(shown);
        return [it.id || it.value || it.className || it.tagName, outlineStyle]";
    for expected in ["skip", "flags-async", "LOCAL", "clear", "copy", "SUMMARY"] {
        press(Key::Tab).await;
        let focus = browser.js(focus).await;
        assert_eq!(focus[0], expected);
        assert_ne!(focus[1], "none", "{expected}");
    }
    press(Key::Enter).await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 20).await;
    let clear = browser.client.find(Locator::Id("clear")).await.unwrap();
    clear.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
    browser.wait_for_js(RUNS, 0).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_says_that_the_site_is_gone_and_comes_back_with_it() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&site.page()).await;
    let mut waiting = site.connect();
    waiting.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    browser.wait_for_js(RUNS, 1).await;
    let port = site.url().trim_start_matches("http://127.0.0.1:");
    let port = port.trim_end_matches("/flags").to_owned();
    drop(site);
    let connection = "return document.getElementById('connection').dataset.state";
    browser.wait_for_js(connection, "lost").await;
    assert!(browser.text("#connection").await.contains("trying again"));
    // A bar that grows would say that the request is still in flight.
    let elapsed = browser.number(0, "elapsed").await;
    for _ in 0..10 {
        browser.frame().await;
    }
    assert_eq!(browser.number(0, "elapsed").await, elapsed);

    let _site = Site::start(&format!("--port {port}"));
    browser.wait_for_js(connection, "connected").await;
    browser.wait_for_js(RUNS, 0).await;
}
