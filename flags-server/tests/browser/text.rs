//! What the page is made of: text that stays text, that is large enough, and that can be
//! told from what is behind it.

use serde_json::json;

use crate::browser::Browser;
use crate::site::{Site, TWENTY};

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn markup_of_a_client_stays_text() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    // That a client sends unescaped angle brackets in a path is refused already.
    let path = "/flags/&lt;b&gt;/%3Cb%3E.gif".to_owned();
    assert_eq!(site.ask_for(markup, [path].into(), 1).wait(), [404]);
    browser.wait_for_finished(1).await;
    assert_eq!(browser.text("h3").await, markup);
    browser.click("summary").await;
    browser.wait_for_js("return document.querySelectorAll('tbody tr').length", 1).await;
    assert!(browser.text("tbody").await.contains("&lt;b&gt;"));
    let elements =
        "return document.querySelectorAll('article :is(img, script, b)').length";
    assert_eq!(browser.js(elements).await, 0);
    assert!(browser.client.get_alert_text().await.is_err(), "a script has run");
}

/// All text that is too small or too pale, with its size and contrast. Contrast is the
/// ratio of the Web Content Accessibility Guidelines 2.2, of which AA asks for 4.5.
pub(crate) const BAD_TEXT: &str = "
    const channels = (text) => text.match(/[0-9.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (let it = element; it; it = it.parentElement) {
            const [r, g, b, a = 1] = channels(getComputedStyle(it).backgroundColor);
            if (a > 0) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const bad = [];
    let seen = 0;
    while (walker.nextNode()) {
        const { parentElement: element, data } = walker.currentNode;
        const isShown = element.checkVisibility() && element.clientWidth !== 1;
        if (!data.trim() || !isShown || element.closest('.for-ears')) continue;
        seen += 1;
        const style = getComputedStyle(element);
        const two = [channels(style.color), behind(element)].map(luminance);
        const contrast = (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
        const size = parseFloat(style.fontSize);
        if (size < 16 || contrast < 4.5) bad.push(`${data.trim()}: ${size}, ${contrast}`);
    }
    return seen < 20 ? ['only ' + seen] : bad;";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_is_readable_light_and_dark_on_a_projector_and_a_phone() {
    let site = Site::start("--port 0 --latency 1ms --error-rate 0.3");
    let browser = Browser::open(&site.page()).await;
    for (agent, workers) in [
        ("flags-async/0.1.0 (run 8f3a2c)", 20),
        (
            "averylongnamewithoutanyspace/that-does-not-fit-on-a-phone-by-far-0123456789",
            3,
        ),
    ] {
        let mut codes = TWENTY.to_vec();
        codes.push("zz");
        site.download(agent, &codes, workers).wait();
    }
    site.connect().send_as("gives-up/1", "/flags/br/br.gif");
    browser.wait_for_finished(3).await;
    browser
        .js("document.querySelectorAll('details').forEach((d) => d.open = true)")
        .await;
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme).await;
        for (width, height) in [(1280, 720), (360, 640)] {
            browser.resize(width, height, 2).await;
            let place = format!("{scheme}, {width} by {height}");
            assert_eq!(browser.js(BAD_TEXT).await, json!([]), "{place}");
            let overhang = "const { documentElement: page } = document;
                return page.scrollWidth - page.clientWidth";
            assert_eq!(browser.js(overhang).await, 0, "{place}");
        }
    }
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn bars_follow_from_light_to_dark() {
    let site = Site::start("--port 0 --latency 100ms");
    let browser = Browser::open(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &["br"], 1).wait();
    browser.wait_for_finished(1).await;
    let colours = "const canvas = document.querySelector('canvas.lanes');
        const [r, g, b] = canvas.getContext('2d').getImageData(40, 4, 1, 1).data;
        const hex = [r, g, b].map((part) => part.toString(16).padStart(2, '0'));
        const style = getComputedStyle(document.documentElement);
        return ['#' + hex.join(''), style.getPropertyValue('--waiting').trim(),
            getComputedStyle(document.body).backgroundColor]";
    let mut backgrounds = Vec::new();
    for scheme in ["light", "dark"] {
        browser.prefer("prefers-color-scheme", scheme).await;
        browser
            .wait_for(scheme, async || {
                let colours = browser.js(colours).await;
                colours[0] == colours[1]
            })
            .await;
        backgrounds.push(browser.js(colours).await[2].clone());
    }
    assert_ne!(backgrounds[0], backgrounds[1]);
}
