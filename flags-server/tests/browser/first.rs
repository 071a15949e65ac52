//! What a class sees before its first run: what to do, and what it will look like.

use qrcode::QrCode;
use qrcode::render::svg::Color;
use serde_json::json;

use crate::browser::Browser;
use crate::site::{As, Site, TWENTY, Threads};

/// For each canvas that is drawn with lanes: how many lanes there are in it, read off a
/// column of its pixels. Between two lanes is a line that is only background.
fn lanes_of(css: &str, column: u32) -> String {
    format!(
        "return [...document.querySelectorAll('{css}')].map((canvas) => {{
            const {{ width, height }} = canvas;
            if (width === 0) return 0;
            const {{ data }} = canvas.getContext('2d').getImageData(0, 0, width, height);
            const isDrawn = (y) => data[4 * (y * width + {column}) + 3] > 0;
            return [...Array(height).keys()]
                .filter((y) => isDrawn(y) && !(y > 0 && isDrawn(y - 1))).length;
        }})"
    )
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_says_what_to_do_and_shows_the_shapes_that_will_appear() {
    let site = Site::start("--port 0 --latency 300ms");
    let browser = Browser::open(&site.page()).await;
    for size in [(1280, 720), (360, 640)] {
        browser.resize(size.0, size.1, 1).await;
        let overhang = "const { documentElement: page } = document;
            return Math.max(page.scrollWidth - page.clientWidth, 0)";
        assert_eq!(browser.js(overhang).await, 0, "{size:?}");
        browser.wait_for_js(&lanes_of("#ghosts canvas", 0), json!([1, 5, 20])).await;
    }
    browser.resize(1280, 720, 1).await;
    let first = browser.text("#empty").await;
    let export = format!("export FLAGS_SERVER={}\n", site.url());
    let power_shell = format!("$env:FLAGS_SERVER = \"{}\"", site.url());
    let alone = format!("At {} it is seen on this computer only", site.page());
    for text in [
        &export,
        &power_shell,
        &alone,
        "cargo run -p flags-seq\n",
        "cargo run -p flags-threadpool -- -m 5\n",
        "cargo run -p flags-async\n",
        "starts a site of its own",
    ] {
        assert!(first.contains(text), "{text} is not in {first}");
    }
    // A code that leads a phone to itself would be worse than none.
    assert_eq!(browser.js("return document.getElementById('qr').hidden").await, true);
    let fits = "return document.getElementById('empty').getBoundingClientRect().bottom
        <= document.querySelector('footer').getBoundingClientRect().top";
    assert_eq!(browser.js(fits).await, true, "it is on one screen");

    // What then appears is what was promised.
    let run = |program: &str, workers: usize, threads: Threads| {
        let agent = format!("{program}/0.1.0 (run 0000{workers:02})");
        let client = As { agent: &agent, threads, ..As::default() };
        site.download(client, &TWENTY, workers).wait();
    };
    run("flags-async", 20, Threads::One);
    run("flags-threadpool", 5, Threads::Each);
    run("flags-seq", 1, Threads::One);
    browser.wait_for_finished(3).await;
    assert_eq!(browser.js("return document.getElementById('empty').hidden").await, true);
    // Beside the line at the beginning of the time.
    browser.resize(1280, 1400, 1).await;
    browser.wait_for_js(&lanes_of("canvas.lanes", 2), json!([1, 5, 20])).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_address_is_the_one_that_has_led_here_as_text_and_as_a_code() {
    // Whatever address of its own the server prints, it is not this one.
    let site = Site::start("--port 0 --bind 0.0.0.0");
    let (_, port) = site.url().trim_end_matches("/flags").rsplit_once(':').unwrap();
    let page = format!("http://127.0.0.2:{port}/");
    let browser = Browser::open(&page).await;
    assert_eq!(browser.text("#address").await, page);
    assert!(browser.text("#command").await.ends_with(&format!("-s {page}flags")));
    let export = browser.text(".export").await;
    assert_eq!(export, format!("export FLAGS_SERVER={page}flags"));
    let is_drawn = "const picture = document.getElementById('qr');
        return picture.checkVisibility() && picture.complete && picture.naturalWidth > 0";
    browser.wait_for_js(is_drawn, true).await;
    let code = "const done = arguments[0];
        fetch('/live/qr.svg').then((answer) => answer.text()).then(done);";
    let code = browser.client.execute_async(code, Vec::new()).await.unwrap();
    let expected = QrCode::new(&page).unwrap();
    let expected = expected
        .render::<Color<'_>>()
        .dark_color(Color("#000"))
        .light_color(Color("#fff"))
        .build();
    assert_eq!(code, expected);
}
