//! The replay: a cursor through all runs, and what each program does there, in words.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::made_up::{run, tell, three, with_threads};
use crate::site::{Site, TWENTY};

/// Where the cursor is in the first picture that is seen, in milliseconds; nothing where
/// there is none.
const CURSOR: &str = "
    const cursor = [...document.querySelectorAll('.cursor')]
        .find((it) => it.checkVisibility());
    if (!cursor) return null;
    const run = cursor.closest('article') ?? document.querySelector('#compare li');
    const canvas = [...run.querySelectorAll('canvas')].find((it) => it.checkVisibility());
    const { left, width } = canvas.getBoundingClientRect();
    const axis = (cursor.closest('section') ?? document).querySelector('.axis');
    const [, end, unit] = / to ([0-9.]+) (m?s)$/.exec(axis.getAttribute('aria-label'));
    const place = (cursor.getBoundingClientRect().left + 1 - left) / width;
    return place * end * (unit === 's' ? 1000 : 1);";

const AT: &str = "return document.querySelector('#replay .at').textContent";
const TOLD: &str = "return document.getElementById('replay-told').textContent";

/// What is said of each run that is compared, from above to below.
const MOMENTS: &str = "return [...document.querySelectorAll('#compare .moment')]
    .map((moment) => moment.textContent)";

async fn press(browser: &Browser, key: impl Into<String>) {
    // The focus may be on nothing: then keys are for the whole page.
    browser.client.active_element().await.unwrap().send_keys(&key.into()).await.unwrap();
    browser.frame().await;
}

fn key(key: Key) -> String {
    char::from(key).to_string()
}

/// Opens a page with the three ways to wait, each with its threads.
async fn open(site: &Site, view: &str) -> Browser {
    let url = format!("{}{view}", site.page());
    let browser = Browser::open(&url).await;
    let [event_loop, sequential, pool] = three();
    let runs = [
        with_threads(event_loop, false),
        with_threads(sequential, false),
        with_threads(pool, true),
    ];
    tell(&browser, &url, &runs).await;
    browser
}

/// The cursor is drawn where it is said to be, up to two pixels.
async fn assert_at(browser: &Browser, time: &str, milliseconds: f64) {
    assert_eq!(browser.js(AT).await, time);
    let drawn = browser.js(CURSOR).await.as_f64().unwrap();
    assert!((drawn - milliseconds).abs() < 25.0, "{drawn} is not {milliseconds}");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_goes_from_event_to_event_and_says_what_each_program_does() {
    let site = Site::start("--port 0");
    let browser = open(&site, "?view=compare").await;
    assert_eq!(browser.js(CURSOR).await, Value::Null);
    assert_eq!(browser.js(MOMENTS).await, json!(["", "", ""]));

    press(&browser, key(Key::Right)).await;
    assert_at(&browser, "0.0 ms", 0.0).await;
    let moments = json!([
        "thread 1 asks for CN, sleeps; 1 in flight",
        "5 threads ask for 5 flags; 5 in flight",
        "thread 1 asks for 20 flags, sleeps; 20 in flight",
    ]);
    assert_eq!(browser.js(MOMENTS).await, moments);

    // 60 ms: only the event loop has a flag.
    press(&browser, key(Key::Right)).await;
    assert_at(&browser, "60 ms", 60.0).await;
    let moments = json!([
        "thread 1 sleeps; 1 in flight",
        "none of 5 threads works; 5 in flight",
        "thread 1 wakes for MX, saves it, sleeps again; 19 in flight",
    ]);
    assert_eq!(browser.js(MOMENTS).await, moments);
    // Those who do not see it hear it, when it stands still.
    let told = browser.js(TOLD).await;
    let told = told.as_str().unwrap();
    assert!(told.starts_with("60 ms. flags-seq 000001: thread 1 sleeps; "), "{told}");
    let polite = "return document.getElementById('replay-told').getAttribute('role')";
    assert_eq!(browser.js(polite).await, "status");

    // From 90 to 106 ms it is a pixel or two, so that all this is one event.
    press(&browser, key(Key::Right)).await;
    assert_at(&browser, "106 ms", 106.0).await;
    let moments = json!([
        "thread 1 wakes for CN, saves it, asks for IN, sleeps again; 1 in flight",
        "thread 1 wakes for CN, saves it, asks for PK, sleeps again; 5 in flight",
        "thread 1 wakes for JP and CN, saves them, sleeps again; 17 in flight",
    ]);
    assert_eq!(browser.js(MOMENTS).await, moments);

    press(&browser, key(Key::Left)).await;
    assert_at(&browser, "60 ms", 60.0).await;
    press(&browser, key(Key::End)).await;
    assert_at(&browser, "7.29 s", 7294.0).await;
    let moments = json!([
        "thread 1 wakes for FR, saves it; done after 7.30 s",
        "done after 2.28 s",
        "done after 1.30 s",
    ]);
    assert_eq!(browser.js(MOMENTS).await, moments);
    press(&browser, key(Key::Right)).await;
    assert_at(&browser, "7.29 s", 7294.0).await;
    press(&browser, key(Key::Home)).await;
    assert_at(&browser, "0.0 ms", 0.0).await;

    // First the replay ends, and then the comparison.
    press(&browser, key(Key::Escape)).await;
    assert_eq!(browser.js(CURSOR).await, Value::Null);
    assert_eq!(browser.js(MOMENTS).await, json!(["", "", ""]));
    assert_eq!(browser.js(TOLD).await, "");
    let is_open = "return document.getElementById('compare').checkVisibility()";
    assert_eq!(browser.js(is_open).await, true);
    press(&browser, key(Key::Escape)).await;
    assert_eq!(browser.js(is_open).await, false);
}

/// Lets the clock of the page stand still, but for what a test adds to it.
const STOP_CLOCK: &str = "window.clock = Math.ceil(performance.now());
    performance.now = () => window.clock;";

async fn pass(browser: &Browser, milliseconds: u32) {
    browser.js(&format!("window.clock += {milliseconds}")).await;
    browser.frame().await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_plays_as_fast_as_it_was_and_at_a_quarter_of_that() {
    let site = Site::start("--port 0");
    let browser = open(&site, "?view=compare").await;
    browser.js(STOP_CLOCK).await;
    press(&browser, " ").await;
    pass(&browser, 300).await;
    assert_at(&browser, "300 ms", 300.0).await;
    press(&browser, "s").await;
    assert_eq!(browser.text("#replay .rate").await, "¼×");
    pass(&browser, 400).await;
    assert_at(&browser, "400 ms", 400.0).await;
    // What has just happened can be read for a while.
    let moment = browser.js(MOMENTS).await;
    let words = "thread 1 wakes for 5 flags, saves them, sleeps again; 5 in flight";
    assert_eq!(moment[2], words);
    // While it plays nobody could follow by ear.
    assert_eq!(browser.js(TOLD).await, "");

    press(&browser, " ").await;
    assert!(browser.js(TOLD).await.as_str().unwrap().starts_with("400 ms. "));
    pass(&browser, 400).await;
    assert_at(&browser, "400 ms", 400.0).await;
    press(&browser, " ").await;
    press(&browser, "s").await;
    pass(&browser, 10_000).await;
    // It stops at the end, and begins anew from there.
    assert_at(&browser, "7.30 s", 7300.0).await;
    assert_eq!(browser.text("#replay .play").await, "Play");
    press(&browser, " ").await;
    pass(&browser, 50).await;
    assert_at(&browser, "50 ms", 50.0).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_has_buttons_and_says_which_keys_it_takes() {
    let site = Site::start("--port 0");
    let browser = open(&site, "?view=compare").await;
    browser.js(STOP_CLOCK).await;
    let help = browser.text("#replay .help").await;
    for word in ["Space", "→", "←", "S ", "Esc"] {
        assert!(help.contains(word), "{help}");
    }
    browser.click("#replay .next").await;
    browser.click("#replay .next").await;
    browser.frame().await;
    assert_at(&browser, "60 ms", 60.0).await;
    browser.click("#replay .back").await;
    browser.frame().await;
    assert_at(&browser, "0.0 ms", 0.0).await;
    browser.click("#replay .rate").await;
    browser.click("#replay .play").await;
    pass(&browser, 400).await;
    assert_at(&browser, "100 ms", 100.0).await;
    assert_eq!(browser.text("#replay .play").await, "Pause");
    // The space bar presses the button that has the focus, and not twice.
    press(&browser, " ").await;
    assert_eq!(browser.text("#replay .play").await, "Play");
    browser.click("#replay .end").await;
    browser.frame().await;
    assert_eq!(browser.js(CURSOR).await, Value::Null);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn with_less_motion_it_only_steps() {
    let site = Site::start("--port 0");
    let browser = open(&site, "?view=compare").await;
    browser.js(STOP_CLOCK).await;
    press(&browser, " ").await;
    pass(&browser, 300).await;
    assert_at(&browser, "300 ms", 300.0).await;
    browser.prefer("prefers-reduced-motion", "reduce").await;
    pass(&browser, 300).await;
    assert_at(&browser, "300 ms", 300.0).await;
    press(&browser, " ").await;
    assert_at(&browser, "316 ms", 316.0).await;
    pass(&browser, 300).await;
    assert_at(&browser, "316 ms", 316.0).await;
    let play = "return document.querySelector('#replay .play').checkVisibility()";
    assert_eq!(browser.js(play).await, false);
    assert!(!browser.text("#replay .help").await.contains("play"));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn on_the_ordinary_page_it_goes_through_all_runs_too() {
    let site = Site::start("--port 0");
    let browser = open(&site, "").await;
    let bar = "return document.getElementById('replay').checkVisibility()";
    assert_eq!(browser.js(bar).await, false);
    browser.click("#to-replay").await;
    browser.frame().await;
    assert_eq!(browser.js(bar).await, true);
    press(&browser, key(Key::Right)).await;
    assert_at(&browser, "60 ms", 60.0).await;
    // The newest run comes first.
    let moments = "return [...document.querySelectorAll('article .moment')]
        .map((moment) => moment.textContent)";
    let expected = json!([
        "none of 5 threads works; 5 in flight",
        "thread 1 sleeps; 1 in flight",
        "thread 1 wakes for MX, saves it, sleeps again; 19 in flight",
    ]);
    assert_eq!(browser.js(moments).await, expected);
    let cursors = "return [...document.querySelectorAll('article .cursor')]
        .filter((cursor) => cursor.checkVisibility())
        .map((cursor) => Math.round(cursor.getBoundingClientRect().left))";
    let cursors = browser.js(cursors).await;
    let cursors = cursors.as_array().unwrap();
    assert_eq!(cursors.len(), 3);
    assert!(cursors.iter().all(|left| *left == cursors[0]), "{cursors:?}");

    // What an element does with a key itself stays so.
    browser.click("article summary").await;
    press(&browser, " ").await;
    browser.click("input[value=flags-seq] + span").await;
    press(&browser, key(Key::Right)).await;
    assert_eq!(browser.js(AT).await, "60 ms");

    browser.js("document.activeElement.blur()").await;
    press(&browser, key(Key::Escape)).await;
    assert_eq!(browser.js(moments).await, json!([]));
    assert_eq!(browser.js(CURSOR).await, Value::Null);
    assert_eq!(browser.js(bar).await, false);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn of_a_class_it_tells_a_line_a_program() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let runs: Vec<_> = (0..8)
        .map(|id| match id % 2 {
            0 => run(id, "flags-async", 20),
            _ => run(id, "flags-seq", 1),
        })
        .collect();
    tell(&browser, &site.page(), &runs).await;
    press(&browser, key(Key::Right)).await;
    press(&browser, key(Key::End)).await;
    press(&browser, key(Key::Left)).await;
    // Their last flag of 20 has not come, and that of the others is there since long.
    let lines = "flags-seq: 4 in flight in 4 runs, 0 done\n\
         flags-async: 0 in flight in 4 runs, 4 done";
    assert_eq!(browser.text("#replay .programs").await, lines);
    let cursors = "return [...document.querySelectorAll('.row .cursor')]
        .filter((cursor) => cursor.checkVisibility()).length";
    assert_eq!(browser.js(cursors).await, 8);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn no_run_takes_the_place_of_one_that_is_replayed() {
    let site = Site::start("--port 0 --latency 20ms");
    let browser = Browser::open(&format!("{}?view=compare", site.page())).await;
    let way = async || browser.text("#compare .way").await;
    let latest = async |codes: &[&str], in_flight: usize| {
        let agent = format!("flags-seq/0.1.0 (run {in_flight})");
        site.download(&*agent, codes, in_flight).wait();
    };
    latest(&TWENTY, 2).await;
    browser.wait_for("a run", async || way().await.starts_with("2 in flight")).await;
    press(&browser, key(Key::Right)).await;
    latest(&["ad", "ae", "af"], 3).await;
    browser.wait_for_js("return document.querySelectorAll('article').length", 2).await;
    browser.frame().await;
    let moment = browser.js(MOMENTS).await;
    let moment = moment[0].as_str().unwrap();
    let is_told = |code: &&str| moment.contains(&code.to_uppercase());
    assert!(TWENTY.iter().any(is_told), "{moment}");
    press(&browser, key(Key::Escape)).await;
    assert!(way().await.starts_with("3 in flight"));

    // Of what is cleared there is nothing to replay.
    press(&browser, key(Key::Right)).await;
    let is_replayed = "return document.body.classList.contains('replaying')";
    assert_eq!(browser.js(is_replayed).await, true);
    browser.js("document.getElementById('clear').click()").await;
    browser.wait_for_js(is_replayed, false).await;
}
