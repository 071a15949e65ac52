//! A class of thirty on one page: a row each, that nothing squeezes and nothing shifts.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::{Browser, told_otherwise};
use crate::load::STUDENTS;
use crate::site::{As, Downloads, Site, TWENTY};

const RUNS: &str = "return document.querySelectorAll('article').length";
const ROWS: &str = "return document.querySelectorAll('.row:not([hidden])').length";

/// The programs with what they are called, and their workers.
const PROGRAMS: [(&str, usize); 3] =
    [("flags-async", 20), ("flags-seq", 1), ("flags-threadpool", 5)];

/// The texts of a part of all rows, from above to below.
fn texts(part: &str) -> String {
    format!(
        "return [...document.querySelectorAll('.row')]
            .sort((one, other) =>
                one.getBoundingClientRect().top - other.getBoundingClientRect().top)
            .map((row) => row.querySelector('.{part}').textContent)"
    )
}

/// Lets a student download, with a program that is another one for the next.
fn download(site: &Site, student: usize, name: Option<&str>) -> Downloads {
    let (program, workers) = PROGRAMS[student % PROGRAMS.len()];
    let agent = format!("{program}/0.1.0 (run 0000{student:02})");
    let client = As { agent: &agent, name, ..As::default() };
    site.download(client, &TWENTY, workers)
}

/// Lets some students download one after another, and waits until all are rows.
async fn rows(site: &Site, browser: &Browser, students: usize) {
    for student in 0..students {
        download(site, student, None).wait();
    }
    browser.wait_for_js(ROWS, students).await;
    browser.wait_for_finished(students).await;
    browser.wait_for_js(AT_REST, true).await;
}

/// Whether those of each program are in the order of their times, and at their places.
const AT_REST: &str = "
    const time = (text) => parseFloat(text) * (text.endsWith(' ms') ? 1 : 1000);
    const rows = [...document.querySelectorAll('article')].map((it) =>
        [it.dataset.program, time(it.querySelector('.time').textContent)]);
    return document.getAnimations().length === 0 && rows.every(([program, time], i) =>
        // What is written is rounded to hundredths of a second.
        i === 0 || rows[i - 1][0] !== program || rows[i - 1][1] <= time + 10);";

/// The largest sum of layout shifts within five seconds without a pause of one, which is
/// the cumulative layout shift (CLS) of the browsers, and all of them together.
const SHIFTS: &str = "const done = arguments[0];
    const shifts = [];
    const take = (list) => shifts.push(...list.getEntries());
    const observer = new PerformanceObserver(take);
    observer.observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => {
        take({ getEntries: () => observer.takeRecords() });
        let [largest, sum, first, last, all] = [0, 0, -Infinity, -Infinity, 0];
        for (const { value, startTime } of shifts) {
            if (startTime - last > 1000 || startTime - first > 5000) {
                [sum, first] = [0, startTime];
            }
            last = startTime;
            sum += value;
            all += value;
            largest = Math.max(largest, sum);
        }
        done([largest, all]);
    }, 0);";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn nothing_jumps_while_thirty_runs_arrive_and_end() {
    let site = Site::start("--port 0 --latency exp:100ms");
    let browser = Browser::open(&site.page()).await;
    browser.resize(1920, 1080, 1).await;
    browser.goto(&site.page()).await;
    let mut class = Vec::new();
    for student in 0..STUDENTS {
        class.push(download(&site, student, None));
        browser.wait_for_js(RUNS, student + 1).await;
    }
    for downloads in class {
        downloads.wait();
    }
    browser.wait_for_finished(STUDENTS).await;
    browser.wait_for_js(AT_REST, true).await;
    let shifts = browser.client.execute_async(SHIFTS, Vec::new()).await.unwrap();
    println!("layout shift: {} at worst, {} in all", shifts[0], shifts[1]);
    assert!(shifts[0].as_f64().unwrap() <= 0.1, "{shifts}");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn thirty_rows_are_on_one_screen_by_program_and_time() {
    let site = Site::start("--port 0 --latency 5ms");
    let browser = Browser::open(&site.page()).await;
    browser.resize(1920, 1080, 1).await;
    for student in 0..6 {
        download(&site, student, None).wait();
    }
    browser.wait_for_js(RUNS, 6).await;
    assert_eq!(browser.js(ROWS).await, 0, "six are few enough to be shown in full");
    for student in 6..STUDENTS {
        let name = (student == 7).then_some("Mina 민아");
        download(&site, student, name).wait();
    }
    browser.wait_for_js(ROWS, STUDENTS).await;
    browser.wait_for_finished(STUDENTS).await;

    // In the order in which they are taught, whatever the order in which they came.
    let tens = STUDENTS / 3;
    let programs = ["flags-seq", "flags-threadpool", "flags-async"];
    let programs: Vec<&str> =
        programs.into_iter().flat_map(|it| vec![it; tens]).collect();
    let order =
        texts("program") + ".map((text) => / · [0-9]+ at once$/[Symbol.split](text)[0])";
    browser.wait_for_js(&order, json!(programs)).await;
    let are_sorted = async || {
        let times = browser.js(&texts("time")).await;
        let times: Vec<f64> = times.as_array().unwrap().iter().map(time).collect();
        times.chunks(tens).all(<[f64]>::is_sorted)
    };
    browser.wait_for("an order by time", are_sorted).await;
    let names = browser.js(&texts("who")).await;
    assert!(names.as_array().unwrap().contains(&json!("Mina 민아")), "{names}");
    assert!(names.as_array().unwrap().contains(&json!("run 000008")), "{names}");

    // Below the head and above the legend, each as it can be read, and none on another.
    // While they glide to their places, they may be.
    let bad =
        "const legend = document.querySelector('footer').getBoundingClientRect().top;
        const axis = document.querySelector('.axis').getBoundingClientRect().bottom;
        let before = axis - 1;
        return [...document.querySelectorAll('article')]
            .map((article) => article.getBoundingClientRect())
            .filter(({ top, bottom, height }) => {
                const isBad = top < before - 1 || bottom > legend || height < 24;
                before = bottom;
                return isBad;
            }).length + (legend > innerHeight ? 100 : 0)";
    browser.wait_for_js(bad, 0).await;
}

/// The milliseconds of a text like `1.29 s` or `12 ms`.
fn time(text: &serde_json::Value) -> f64 {
    let (number, unit) = text.as_str().unwrap().split_once(' ').unwrap();
    number.parse::<f64>().unwrap() * if unit == "s" { 1000.0 } else { 1.0 }
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_bar_of_a_row_is_as_dark_as_many_are_in_flight() {
    let site = Site::start("--port 0 --latency 1");
    let browser = Browser::open(&site.page()).await;
    let runs = [1, 5, 20, 1, 5, 20, 20].into_iter().enumerate();
    let runs = runs.map(|(run, workers)| {
        let agent = format!("flags-{workers}/0.1.0 (run {run})");
        site.download(&agent, &TWENTY[..workers], workers)
    });
    for downloads in runs.collect::<Vec<_>>() {
        downloads.wait();
    }
    browser.wait_for_js(ROWS, 7).await;
    browser.wait_for_finished(7).await;
    // In the middle of the time, where all are in flight.
    let luminance = "const dark = {};
        for (const row of document.querySelectorAll('article')) {
            const canvas = row.querySelector('.track canvas');
            if (canvas.width === 0) return null;
            const end = new DOMMatrix(
                getComputedStyle(row.querySelector('.ends')).transform).e;
            const x = Math.round(end / 2 * devicePixelRatio);
            const y = Math.round(canvas.height / 2);
            const [r, g, b, a] =
                canvas.getContext('2d').getImageData(x, y, 1, 1).data;
            dark[row.dataset.program] = a === 255 ? r + g + b : null;
        }
        return dark;";
    let darker = async || {
        let grey = browser.js(luminance).await;
        let [one, five, twenty] = ["flags-1", "flags-5", "flags-20"]
            .map(|program| grey[program].as_f64().unwrap_or(f64::NAN));
        twenty + 60.0 < five && five + 60.0 < one
    };
    browser.wait_for("darkness", darker).await;
    let at_once = browser.js(&texts("program")).await;
    assert!(at_once.as_array().unwrap().contains(&json!("flags-20 · 20 at once")));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_row_says_what_its_run_has_lost() {
    let site = Site::start("--port 0 --latency 5ms --error-rate 1");
    let browser = Browser::open(&site.page()).await;
    rows(&site, &browser, 7).await;
    browser.wait_for_js(&texts("lost"), json!(vec!["✕ 20 lost"; 7])).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_row_opens_in_place_by_mouse_and_keyboard() {
    let site = Site::start("--port 0 --latency 5ms");
    let browser = Browser::open(&site.page()).await;
    rows(&site, &browser, 7).await;
    let open = "return [...document.querySelectorAll('article')].map((article) => {
        const canvas = article.querySelector('canvas.lanes');
        return canvas.checkVisibility() && canvas.height > 0
            && article.querySelector('.row').getAttribute('aria-expanded') === 'true';
    }).indexOf(true)";
    browser.wait_for_js(open, -1).await;
    browser.click("article:nth-child(3) .row").await;
    browser.wait_for_js(open, 2).await;
    // Its lanes stand below the axis that they are drawn by, as the bars of the rows do.
    let apart = "const side = (css) => {
            const { left, right } = document.querySelector(css).getBoundingClientRect();
            return [left, right];
        };
        const axis = side('.axis');
        return ['[aria-expanded=true] .track canvas',
            '.is-row:has(.strip:not([hidden])) .lanes']
            .flatMap((css) => side(css).map((x, index) => Math.abs(x - axis[index])))
            .filter((distance) => distance > 1)";
    assert_eq!(browser.js(apart).await, json!([]));
    assert_eq!(browser.number(2, "done").await, "20");
    // Enter closes it, as it opened it: the focus is still there.
    browser.press(Key::Enter).await;
    browser.wait_for_js(open, -1).await;
    browser.press(Key::Enter).await;
    browser.wait_for_js(open, 2).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn on_a_phone_nothing_lies_on_anything_else() {
    let site = Site::start("--port 0 --latency 5ms --error-rate 1");
    let browser = Browser::open(&site.page()).await;
    browser.resize(400, 900, 1).await;
    rows(&site, &browser, 7).await;
    // With several sites each has its name.
    browser.js("document.getElementById('runs').classList.add('many-sites')").await;
    let on_another = "
        const boxes = (css) => [...document.querySelectorAll(css)]
            .map((element) => element.getBoundingClientRect());
        const pairs = [['.site-name', '.axis span'], ['.ends', '.is-row .actions'],
            ['.program', '.is-row .actions button']];
        return pairs.flatMap(([one, other]) => boxes(one).flatMap((a) =>
            boxes(other).filter((b) => a.left < b.right && b.left < a.right
                && a.top < b.bottom && b.top < a.bottom).map(() => one)));";
    assert_eq!(browser.js(on_another).await, json!([]));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn runs_are_pinned_and_hidden_and_shown_again() {
    let site = Site::start("--port 0 --latency 5ms");
    let browser = Browser::open(&site.page()).await;
    rows(&site, &browser, 8).await;
    let first = "return document.querySelector('article h3').textContent === ''
        ? null : document.querySelector('article').dataset.run";
    let last = browser
        .js("return [...document.querySelectorAll('article')].at(-1).dataset.run")
        .await;
    assert_ne!(browser.js(first).await, last);
    let pin = "[...document.querySelectorAll('article')].at(-1).querySelector('.pin')";
    browser.js(&format!("{pin}.focus()")).await;
    browser.press(Key::Enter).await;
    let is_first = "return document.querySelector('article').dataset.run";
    browser.wait_for_js(is_first, last.clone()).await;
    let pressed = "return document.activeElement.getAttribute('aria-pressed')";
    assert_eq!(browser.js(pressed).await, "true", "it still has the focus");

    // Hidden by the keyboard, one after another, until there are few enough for strips.
    browser.js("document.querySelector('article:nth-child(2) .hide').focus()").await;
    for left in [7, 6, 5] {
        browser.press(Key::Enter).await;
        browser.wait_for_js(RUNS, left).await;
        browser.wait_for_js(ROWS, if left < 7 { 0 } else { left }).await;
        let focus = "return document.activeElement.className";
        assert_eq!(browser.js(focus).await, "hide");
    }
    assert_eq!(browser.js(is_first).await, last);
    assert_eq!(browser.text("#show-hidden").await, "Show 3 hidden");
    // What is hidden stays so, whatever else arrives.
    download(&site, 8, None).wait();
    browser.wait_for_js(RUNS, 6).await;
    browser.click("#show-hidden").await;
    browser.wait_for_js(ROWS, 9).await;
    assert_eq!(browser.text("#show-hidden").await, "");

    // No longer pinned, it goes back to where it was.
    browser.js("document.querySelector('article .pin').focus()").await;
    browser.press(Key::Enter).await;
    browser.wait_for("its place", async || browser.js(is_first).await != last).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_own_runs_are_marked() {
    let site = Site::start("--port 0 --latency 5ms");
    let browser = Browser::open(&site.page()).await;
    rows(&site, &browser, 7).await;
    browser.wait_for_js(&texts("you"), json!(vec!["you"; 7])).await;
    // As another reader sees it, who has one of them.
    let as_another = told_otherwise(
        "event.you = '192.168.1.7';
         if (event.runs[4]) event.runs[4].address = event.you;",
    );
    browser.prepare(&as_another, &site.page()).await;
    browser.wait_for_js(ROWS, 7).await;
    let marked = "return [...document.querySelectorAll('article')]
        .filter((it) => it.querySelector('.you').textContent === 'you')
        .map((it) => it.dataset.run.split('-')[1])";
    browser.wait_for_js(marked, json!(["4"])).await;
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_long_run_at_one_site_does_not_squeeze_those_at_another() {
    let site = Site::start("--port 0 --latency 20ms");
    let browser = Browser::open(&site.page()).await;
    rows(&site, &browser, 7).await;
    let two_sites = told_otherwise(
        "event.sites.push({ ...event.sites[0], name: 'Another' });
         const run = event.runs[0];
         if (run) {
             run.site = 'Another';
             run.ended = run.started + 90_000;
         }",
    );
    browser.prepare(&two_sites, &site.page()).await;
    browser.wait_for_js(ROWS, 7).await;
    let axes = "return [...document.querySelectorAll('#runs .axis')]
        .map((axis) => axis.getAttribute('aria-label'))";
    let ends = async || {
        let axes = browser.js(axes).await;
        axes.as_array().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    browser
        .wait_for("two axes", async || {
            let ends = ends().await;
            ends.len() == 2
                && ends[0].contains("at The site, from 0 to ")
                && !ends[0].ends_with(" 100 s\"")
                && ends[1].ends_with("at Another, from 0 to 100 s\"")
        })
        .await;
    assert!(browser.text("section:nth-child(2)").await.starts_with("Another"));
}
