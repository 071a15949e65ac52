//! What is pointed at, and the page for those who see it otherwise: on a small screen, in
//! colours of their own, on paper, and in many tabs.

use fantoccini::Locator;
use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::key::Key;
use serde_json::json;

use crate::browser::Browser;
use crate::made_up::{run, tell, three, with_threads};
use crate::site::{Site, TWENTY};

const CARD: &str = "const card = document.getElementById('card');
    return card.hidden ? '' : card.innerText.replaceAll(/\\n+/g, ' ').trim()";
/// Which visible cursors there are: for each, the milliseconds by the axis.
const CURSORS: &str = "
    const [, end, unit] = / to ([0-9.]+) (m?s)$/
        .exec(document.querySelector('.axis').getAttribute('aria-label'));
    const extent = end * (unit === 's' ? 1000 : 1);
    return [...document.querySelectorAll('#runs article .cursor')]
        .filter((it) => it.checkVisibility())
        .map((it) => {
            const strip = it.closest('article').querySelector('.lanes');
            const { left, width } = strip.getBoundingClientRect();
            const own = it.getBoundingClientRect();
            return Math.round(((own.left + 1 - left) / width) * extent / 100) * 100;
        })";

async fn point(browser: &Browser, css: &str, x: f64, y: f64) {
    let place = "const { left, top } = document.querySelector(arguments[0])
        .getBoundingClientRect(); return [left, top]";
    let place = browser.client.execute(place, vec![json!(css)]).await.unwrap();
    let at = |index: usize| place[index].as_f64().unwrap();
    let (x, y) = (at(0) + x, at(1) + y);
    let to = PointerAction::MoveTo { duration: None, x, y };
    let moves = MouseActions::new("mouse".to_owned()).then(to);
    browser.client.perform_actions(moves).await.unwrap();
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_card_tells_of_a_bar_by_mouse_and_by_keyboard_with_one_cursor_through_all() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let [event_loop, sequence, pool] = three();
    let runs = [with_threads(event_loop, false), sequence, with_threads(pool, true)];
    tell(&browser, &site.page(), &runs).await;
    browser.wait_for_finished(3).await;
    assert_eq!(browser.js(CARD).await, "");

    // In the newest, which is the pool of five: the first lane begins with China.
    point(&browser, "canvas.lanes", 5.0, 3.0).await;
    let first =
        "CN · 200 done asked for at 0.0 ms waited 100 ms received at 100 ms thread 1";
    browser.wait_for_js(CARD, first).await;
    browser
        .wait_for("cursors", async || {
            let cursors = browser.js(CURSORS).await;
            cursors.as_array().unwrap().len() == 3 && cursors == json!([0, 0, 0])
        })
        .await;
    // Where there is no bar there is no card, and the cursor tells the time there.
    point(&browser, "canvas.lanes", 1100.0, 3.0).await;
    browser.wait_for_js(CARD, "").await;
    browser
        .wait_for("cursors", async || {
            let cursors = browser.js(CURSORS).await;
            cursors[0].as_f64().unwrap_or(0.0) > 3000.0 && cursors[0] == cursors[2]
        })
        .await;
    point(&browser, "h1", 1.0, 1.0).await;
    browser.wait_for_js(CURSORS, json!([])).await;

    browser.js("document.querySelector('article .hide').focus()").await;
    browser.press(Key::Tab).await;
    browser.wait_for_js(CARD, first).await;
    let mut expected = vec!["IN", "US", "IN", "CN", "IN", "CN", "FR"];
    for key in
        [Key::Right, Key::Right, Key::Left, Key::Up, Key::Down, Key::Home, Key::End]
    {
        browser.press(key).await;
        let flag = expected.remove(0);
        browser
            .wait_for(flag, async || {
                let card = browser.js(CARD).await;
                card.as_str().unwrap().starts_with(flag)
            })
            .await;
    }
    let told = "return document.getElementById('news').textContent";
    let told = browser.js(told).await;
    let told = told.as_str().unwrap();
    assert!(told.starts_with("flags-threadpool 000002: FR · 200 done, asked"), "{told}");
    // The cursor is where the flag arrived, and no key has started the replay.
    let at = browser.js(CURSORS).await;
    assert!(at[0].as_f64().unwrap() > 1000.0 && at[0] == at[1], "{at}");
    assert_eq!(
        browser.js("return document.body.classList.contains('replaying')").await,
        false
    );
    browser.press(Key::Escape).await;
    browser.wait_for_js(CARD, "").await;

    // In the view that compares it is the same.
    browser.goto(&format!("{}?view=compare", site.page())).await;
    browser
        .wait_for_js("return document.querySelectorAll('#compare li').length", 3)
        .await;
    browser.frame().await;
    point(&browser, "#compare canvas.lanes", 3.0, 3.0).await;
    browser
        .wait_for("a card", async || {
            browser.js(CARD).await.as_str().unwrap().starts_with("CN · 200 done")
        })
        .await;
    let cursor = "return document.querySelector('#compare .cursor').hidden";
    browser.wait_for_js(cursor, false).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_small_screen_begins_with_a_bar_and_has_the_command_behind_a_button() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    browser.resize(360, 640, 2).await;
    site.download("flags-async/0.1.0 (run 8f3a2c)", &TWENTY, 20).wait();
    browser.wait_for_finished(1).await;
    let seen = "const { top } = document.querySelector('canvas.lanes')
            .getBoundingClientRect();
        return innerHeight - top >= 100";
    browser.wait_for_js(seen, true).await;
    let command = "return document.getElementById('command').checkVisibility()";
    assert_eq!(browser.js(command).await, false);
    browser.click("#to-command").await;
    assert_eq!(browser.js(command).await, true);
    browser.resize(1280, 720, 1).await;
    assert_eq!(browser.js(command).await, true);
    browser.resize(360, 640, 2).await;
    browser.click("#to-command").await;
    assert_eq!(browser.js(command).await, false);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn with_forced_colours_it_is_seen_what_is_selected() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    browser.wait_for_finished(1).await;
    browser.prefer("forced-colors", "active").await;
    browser.click(".pin").await;
    let differ = "const colour = (css) => {
            const { color, backgroundColor } =
                getComputedStyle(document.querySelector(css));
            return color + backgroundColor;
        };
        return [
            colour('[value=flags-async] + span') !== colour('[value=flags-seq] + span'),
            colour('.pin') !== colour('.hide'),
        ]";
    assert_eq!(browser.js(differ).await, json!([true, true]));
    // The drawings are in the reader's colours, too: the outline of the first bar.
    let outline = "const canvas = document.querySelector('canvas.lanes');
        const context = canvas.getContext('2d');
        const [r, g, b] = context.getImageData(1, 0, 1, 1).data;
        context.save();
        context.fillStyle = 'GrayText';
        const expected = context.fillStyle;
        context.restore();
        const hex = [r, g, b].map((part) => part.toString(16).padStart(2, '0'));
        return '#' + hex.join('') === expected";
    browser.wait_for_js(outline, true).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn paper_has_every_run_and_no_buttons() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let runs: Vec<_> = (0..6).map(|id| run(id, "flags-async", 20)).collect();
    tell(&browser, &site.page(), &runs).await;
    browser.resize(1280, 300, 1).await;
    browser.prefer("prefers-color-scheme", "dark").await;
    let drawn = "return [...document.querySelectorAll('canvas.lanes')]
        .filter((canvas) => canvas.closest('article') && canvas.width > 0).length";
    browser
        .wait_for("runs out of view", async || {
            let drawn = browser.js(drawn).await.as_u64().unwrap();
            (1..6).contains(&drawn)
        })
        .await;
    // What is printed is what is there when this event has been handled.
    let printed = "dispatchEvent(new Event('beforeprint'));
        const white = [...document.querySelectorAll('article canvas.lanes')]
            .filter(({ width, height }) => width === 700 && height > 100);
        const outline = white.map((canvas) => {
            const { data } = canvas.getContext('2d').getImageData(1, 0, 1, 1);
            return [...data].slice(0, 3).join();
        });
        return [white.length, ...new Set(outline)]";
    assert_eq!(browser.js(printed).await, json!([6, "63,127,184"]), "#3f7fb8, as by day");
    browser.tell("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    let buttons = "return [...document.querySelectorAll('button, summary, #command')]
        .filter((it) => it.checkVisibility()).map((it) => it.outerHTML)";
    assert_eq!(browser.js(buttons).await, json!([]));
    // One below the other, where each has its place on a page.
    let places = "const tops = [...document.querySelectorAll('article')]
            .map((it) => it.getBoundingClientRect());
        return tops.every(({ top }, i) => i === 0 || top >= tops[i - 1].bottom - 1)";
    assert_eq!(browser.js(places).await, true);
    browser.tell("Emulation.setEmulatedMedia", &json!({ "media": "" }));
    browser.js("dispatchEvent(new Event('afterprint'))").await;
    browser
        .wait_for("as before", async || {
            let drawn = browser.js(drawn).await.as_u64().unwrap();
            (1..6).contains(&drawn)
        })
        .await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_seventh_tab_loads_and_a_hidden_one_learns_what_it_has_missed() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let first = browser.client.window().await.unwrap();
    for _ in 0..6 {
        let tab = browser.client.new_window(true).await.unwrap().handle;
        browser.client.switch_to_window(tab).await.unwrap();
        browser.goto(&site.page()).await;
    }
    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    browser.wait_for_finished(1).await;
    browser.client.switch_to_window(first).await.unwrap();
    browser.client.find(Locator::Css("h1")).await.unwrap();
    browser.wait_for_finished(1).await;
    assert_eq!(browser.text("#connection").await, "Connected");
    assert_eq!(browser.number(0, "done").await, "20");
}
