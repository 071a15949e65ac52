//! The view that compares programs, which is also the one for a projector.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::made_up::{run, tell, three, with_threads};
use crate::site::Site;
use crate::text::BAD_TEXT;

const IS_OPEN: &str = "const { checkVisibility } = Element.prototype;
    const isSeen = (css) => checkVisibility.call(document.querySelector(css));
    return [isSeen('#compare'), isSeen('main')]";

/// What is written of each run, from above to below.
fn each(part: &str) -> String {
    format!(
        "return [...document.querySelectorAll('#compare li .{part}')]
            .map((element) => element.innerText)"
    )
}

fn compare(site: &Site) -> String {
    format!("{}?view=compare", site.page())
}

async fn caption(browser: &Browser) -> String {
    browser.text("#compare .caption").await
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_opens_and_closes_by_key_by_button_and_by_address() {
    let (open, closed) = (json!([true, false]), json!([false, true]));
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    tell(&browser, &site.page(), &three()).await;
    assert_eq!(browser.js(IS_OPEN).await, closed);
    let type_key = async |key: &str| {
        browser.client.active_element().await.unwrap().send_keys(key).await.unwrap();
        browser.frame().await;
        browser.js(IS_OPEN).await
    };
    let escape = char::from(Key::Escape).to_string();
    assert_eq!(type_key("p").await, open);
    assert_eq!(type_key("p").await, closed);
    assert_eq!(type_key(&escape).await, closed);
    assert_eq!(type_key("P").await, open);
    assert_eq!(type_key(&escape).await, closed);

    // Who types a p means the letter.
    browser
        .js("document.querySelector('main').prepend(document.createElement('input'))")
        .await;
    browser.click("main input").await;
    assert_eq!(type_key("p").await, closed);
    assert_eq!(
        browser.js("return document.querySelector('main input').value").await,
        "p"
    );

    browser.click("#to-compare").await;
    browser.wait_for_js(IS_OPEN, open.clone()).await;
    assert!(
        browser.client.current_url().await.unwrap().as_str().ends_with("?view=compare")
    );
    browser.click("#from-compare").await;
    browser.wait_for_js(IS_OPEN, closed.clone()).await;
    // The keyboard goes on where it was.
    assert_eq!(browser.js("return document.activeElement.id").await, "to-compare");
    browser.client.back().await.unwrap();
    browser.wait_for_js(IS_OPEN, open.clone()).await;

    browser.goto(&compare(&site)).await;
    browser.wait_for_js(&format!("{}.length", each("program")), 3).await;
    assert_eq!(browser.js(IS_OPEN).await, open);
}

/// For each run, where its canvas begins, how high a lane is, where its end is on the
/// scale of the axis in milliseconds, and how many bars lie above each other at first.
const SHAPES: &str = "
    const axis = document.querySelector('#compare .axis');
    const [, end, unit] = / to ([0-9.]+) (m?s)$/.exec(axis.getAttribute('aria-label'));
    const extent = end * (unit === 's' ? 1000 : 1);
    const { left, width } = axis.getBoundingClientRect();
    return [...document.querySelectorAll('#compare li')].map((run) => {
        const canvas = run.querySelector('.lanes');
        const pixels = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data;
        const isPainted = (x, y) => pixels[4 * (y * canvas.width + x) + 3] > 128;
        const edges = [];
        for (let y = 0; y < canvas.height; y += 1) {
            // Beside the line of the scale at zero, and before any answer.
            if (isPainted(4, y) && (y === 0 || !isPainted(4, y - 1))) edges.push(y);
        }
        const line = run.querySelector('.end').getBoundingClientRect().left;
        return {
            begin: Math.round(canvas.getBoundingClientRect().left - left),
            wide: Math.round(canvas.getBoundingClientRect().width - width),
            lane: edges.length > 1 ? edges[1] - edges[0] : null,
            height: canvas.clientHeight,
            end: (line - left) / width * extent,
            lanes: edges.length,
        };
    });";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn three_programs_are_one_scale_and_one_height_of_lanes() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    assert!(browser.text("#compare").await.contains("Nothing has been downloaded yet."));
    tell(&browser, &compare(&site), &three()).await;
    let programs = ["flags-seq", "flags-threadpool", "flags-async"];
    assert_eq!(browser.js(&each("program")).await, json!(programs));
    assert_eq!(browser.js(&each("time")).await, json!(["7.29 s", "2.28 s", "1.29 s"]));
    let factors = ["", "3.2× as fast as flags-seq", "5.7× as fast as flags-seq"];
    assert_eq!(browser.js(&each("factor")).await, json!(factors));
    assert_eq!(
        browser.text("#compare h2").await,
        "The same 20 flags, three ways to wait"
    );
    assert_eq!(
        caption(&browser).await,
        "The pale area is the same in all three: 7.2 s of waiting. \
         Only its arrangement differs."
    );
    let limit = "limit: the slowest flag (FR) takes 1.29 s";
    assert_eq!(browser.js(&each("limit")).await, json!(["", "", limit]));
    let line =
        "const { left } = document.querySelector('.limit-line').getBoundingClientRect();
        const end = document.querySelector('#compare li:last-child .end');
        return Math.abs(left - end.getBoundingClientRect().left)";
    assert!(browser.js(line).await.as_f64().unwrap() <= 2.0);

    let shapes = browser.js(SHAPES).await;
    let number = |run: usize, name: &str| shapes[run][name].as_f64().unwrap();
    for (run, (lanes, end)) in
        [(1.0, 7294.0), (5.0, 2278.0), (20.0, 1290.0)].into_iter().enumerate()
    {
        assert_eq!(shapes[run]["begin"], 0, "{shapes}");
        assert_eq!(shapes[run]["wide"], 0, "{shapes}");
        assert!((number(run, "lanes") - lanes).abs() < 0.1, "{shapes}");
        assert!((number(run, "end") - end).abs() < 30.0, "{shapes}");
        let height = number(1, "lane") * lanes;
        assert!((number(run, "height") - height).abs() <= 2.0, "{shapes}");
    }
    assert_eq!(shapes[1]["lane"], shapes[2]["lane"]);

    // What nobody sees is told in words.
    let labels = "return [...document.querySelectorAll('#compare canvas.lanes')]
        .map((canvas) => canvas.getAttribute('aria-label'))";
    let labels = browser.js(labels).await;
    assert!(
        labels[0].as_str().unwrap().starts_with("flags-seq at The site: 20 requests")
    );
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn who_works_is_seen_below_the_lanes() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    let [event_loop, sequential, mut pool] = three();
    pool["name"] = json!("Mina");
    let runs = [with_threads(event_loop, false), sequential, with_threads(pool, true)];
    tell(&browser, &compare(&site), &runs).await;
    let words = ["", "5 threads · CPU 13 ms of 2.28 s", "1 thread · CPU 13 ms of 1.30 s"];
    assert_eq!(browser.js(&each("who-works")).await, json!(words));
    let ways = browser.js(&each("way")).await;
    for (start, way) in [
        "one flag after another, 7.18 s of waiting",
        "Mina: 5 threads, each waits for one flag",
        "one thread waits for up to 20 at once",
    ]
    .into_iter()
    .zip(ways.as_array().unwrap())
    {
        assert!(way.as_str().unwrap().starts_with(start), "{ways}");
    }
    let heights = "return [...document.querySelectorAll('#compare canvas.threads')]
        .map((canvas) => canvas.clientHeight)";
    let heights = browser.js(heights).await;
    let height = |run: usize| heights[run].as_u64().unwrap();
    assert_eq!(height(0), 0);
    assert!(height(2) >= 3 && height(1) > 3 * height(2), "{heights}");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn the_time_is_that_of_the_program_where_it_tells_it() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    let took = |run: Value, elapsed: u32| {
        let mut run = with_threads(run, false);
        run["report"]["elapsed"] = json!(elapsed);
        run
    };
    // On a site that answers at once, most of it is not seen by the site.
    let sequential = took(run(0, "flags-seq", 1), 9000);
    let runs = [sequential.clone(), took(run(1, "flags-async", 20), 6000)];
    tell(&browser, &compare(&site), &runs).await;
    assert_eq!(browser.js(&each("time")).await, json!(["9.00 s", "6.00 s"]));
    assert_eq!(browser.js(&each("factor")).await[1], "1.5× as fast as flags-seq");

    // Where one of them does not tell it, both are measured by the clock of the site.
    tell(&browser, &compare(&site), &[sequential, run(1, "flags-async", 20)]).await;
    assert_eq!(browser.js(&each("factor")).await[1], "5.7× as fast as flags-seq");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn what_cannot_be_compared_is_not_and_the_reason_is_said() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    let said = async |runs: &[Value]| {
        tell(&browser, &compare(&site), runs).await;
        let factors = browser.js(&each("factor")).await;
        (factors[1].as_str().unwrap().to_owned(), caption(&browser).await)
    };
    let sequential = run(0, "flags-seq", 1);

    let mut lossy = run(1, "flags-async", 20);
    for (bar, status) in [(3, json!(418)), (4, Value::Null)] {
        lossy["bars"][bar]["status"] = status;
    }
    lossy["failed"] = json!(2);
    let (factor, caption) = said(&[sequential.clone(), lossy]).await;
    assert_eq!(factor, "no factor: flags-async lost 2 of 20 flags");
    assert_eq!(
        caption,
        "The pale areas are not compared: flags-async lost 2 of 20 flags."
    );
    assert_eq!(browser.js(&each("lost")).await[1], "1 error · 1 given up");

    let mut others = run(1, "flags-async", 20);
    others["bars"][0]["label"] = json!("ZA");
    let (factor, caption) = said(&[sequential.clone(), others]).await;
    assert_eq!(factor, "no factor: not the same flags");
    assert_eq!(caption, "The pale areas are not compared: not the same flags.");
    assert_eq!(browser.text("#compare h2").await, "Two ways to wait");

    // The same flags, for which it waited longer.
    let mut slower = run(1, "flags-async", 20);
    slower["sumOfTimes"] = json!(9000);
    let (factor, caption) = said(&[sequential.clone(), slower]).await;
    assert_eq!(factor, "5.7× as fast as flags-seq");
    assert_eq!(
        caption,
        "The pale areas differ, though the flags are the same: \
         7.2 s in flags-seq and 9.0 s in flags-async."
    );

    let (factor, caption) =
        said(&[run(0, "event-loop", 20), run(1, "flags-async", 20)]).await;
    assert_eq!(factor, "no run of flags-seq to compare with");
    assert!(caption.starts_with("The pale area is the same in both:"), "{caption}");
    // Others than those of the course come after them.
    assert_eq!(browser.js(&each("program")).await, json!(["flags-async", "event-loop"]));
    assert_eq!(browser.text("#compare h2").await, "The same 20 flags, two programs");
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn a_run_that_is_not_done_grows_and_says_so() {
    let site = Site::start("--port 0 --latency 3600");
    let browser = Browser::open(&compare(&site)).await;
    let mut waiting = site.connect();
    waiting.send_as("flags-seq/0.1.0 (run 1a2b3c)", "/flags/br/br.gif");
    let mut other = site.connect();
    other.send_as("flags-async/0.1.0 (run 8f3a2c)", "/flags/br/br.gif");
    browser.wait_for_js(&each("factor"), json!(["1 in flight", "1 in flight"])).await;
    assert_eq!(
        caption(&browser).await,
        "The pale areas are not compared: flags-seq and flags-async are not done."
    );
    let time = async || {
        let time = browser.js(&each("time")).await;
        let (number, unit) = time[0].as_str().unwrap().split_once(' ').unwrap();
        number.parse::<f64>().unwrap() * if unit == "s" { 1000.0 } else { 1.0 }
    };
    let before = time().await;
    browser.wait_for("growth", async || time().await > before + 200.0).await;

    // A projector does not show a connection that is none.
    let connection = "return document.getElementById('connection').checkVisibility()";
    assert_eq!(browser.js(connection).await, false);
    drop(site);
    browser.wait_for_js(connection, true).await;
    assert!(browser.text("#connection").await.contains("Not connected"));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn runs_are_chosen_pinned_and_left_out() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&site.page()).await;
    let mut elsewhere = run(5, "flags-seq", 1);
    elsewhere["site"] = json!("Elsewhere");
    let mut runs = vec![elsewhere];
    runs.extend([
        run(6, "flags-async", 2),
        run(7, "flags-async", 20),
        run(8, "flags-seq", 1),
    ]);
    tell(&browser, &site.page(), &runs).await;
    let ways = each("way");
    let shown = async || {
        browser.frame().await;
        let ways = browser.js(&ways).await;
        let ways = ways.as_array().unwrap().iter();
        ways.map(|way| way.as_str().unwrap().split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let one = "one flag after another";
    let press_p = async || {
        browser.js("document.activeElement.blur()").await;
        browser.client.active_element().await.unwrap().send_keys("p").await.unwrap();
    };
    press_p().await;
    assert_eq!(shown().await, [one, "20 in flight at most"]);

    // A run that is pinned on the ordinary page is the one to see.
    press_p().await;
    // Not by the mouse, as runs glide to their places.
    browser.js("document.querySelector(`article[data-run$='-6'] .pin`).click()").await;
    press_p().await;
    assert_eq!(shown().await, [one, "2 in flight at most"]);

    let choose = async |field: &str, value: &str| {
        let script = format!(
            "const field = document.querySelector('#chooser select{field}');
             const option = [...field.options]
                 .find(({{ text }}) => text.includes('{value}'));
             field.value = option.value;
             field.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        );
        browser.js(&script).await;
    };
    browser.click("#choose").await;
    // What is typed there is for the dialog.
    let field = "[data-program=flags-async]";
    choose(field, "run 000007").await;
    assert_eq!(shown().await, [one, "20 in flight at most"]);
    choose("[data-program=flags-seq]", "left out").await;
    assert_eq!(shown().await, ["20 in flight at most"]);
    choose(field, "left out").await;
    assert!(browser.text("#compare").await.contains("All programs are left out."));
    choose("[name=site]", "Elsewhere").await;
    choose("[data-program=flags-seq]", "the latest run").await;
    assert_eq!(shown().await, [one]);
    assert_eq!(browser.text("#compare .site").await, "Elsewhere");
    let escape = char::from(Key::Escape).to_string();
    browser.client.active_element().await.unwrap().send_keys(&escape).await.unwrap();
    browser.wait_for_js("return document.getElementById('chooser').open", false).await;
    assert_eq!(browser.js(IS_OPEN).await, json!([true, false]));
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn six_programs_are_one_too_many_and_it_says_which() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    let names =
        ["flags-seq", "flags-threadpool", "flags-async", "event-loop", "one", "two"];
    let runs: Vec<_> = (0..).zip(names).map(|(id, name)| run(id, name, 20)).collect();
    tell(&browser, &compare(&site), &runs).await;
    assert_eq!(browser.js(&each("program")).await.as_array().unwrap().len(), 5);
    assert_eq!(browser.js(OVERHANG).await, json!([]));
    browser.click("#choose").await;
    assert_eq!(
        browser.text("#chooser .room").await,
        "Only 5 fit: leave one out to see two."
    );
}

/// What does not fit: pages that scroll, texts that are cut off or lie on one another,
/// and texts that are lower than 2.2 % of the screen.
const OVERHANG: &str = "
    const bad = [];
    const { documentElement: page } = document;
    if (page.scrollHeight > innerHeight) bad.push('scrolls down');
    if (page.scrollWidth > page.clientWidth) bad.push('scrolls right');
    const seen = (css) => [...document.querySelectorAll(css)]
        .filter((it) => it.checkVisibility() && it.textContent.trim());
    for (const it of seen('#compare .label, #compare ol, #compare .picture')) {
        if (it.scrollHeight > it.clientHeight + 1) bad.push(`cut off: ${it.className}`);
    }
    const texts = seen('#compare :is(h2, h3, .label p, .result, .caption), #replay');
    const boxes = texts.map((it) => it.getBoundingClientRect());
    boxes.forEach((one, index) => {
        const text = texts[index].textContent;
        if (one.bottom > innerHeight || one.right > innerWidth) bad.push(`out: ${text}`);
        boxes.slice(index + 1).forEach((other, more) => {
            const [left, top] = ['left', 'top']
                .map((side) => Math.max(one[side], other[side]));
            const [right, bottom] = ['right', 'bottom']
                .map((side) => Math.min(one[side], other[side]));
            const below = texts[index + 1 + more].textContent;
            if (right - left > 1 && bottom - top > 2) bad.push(`${text} on ${below}`);
        });
    });
    for (const it of seen('#compare *, #replay *')) {
        const size = parseFloat(getComputedStyle(it).fontSize);
        if (size < innerHeight * 0.022) bad.push(`${size}: ${it.textContent.trim()}`);
    }
    return bad;";

/// How high the digits of the times are, in parts of the screen.
const DIGITS: &str = "
    return [...document.querySelectorAll('#compare .time')].map((time) => {
        const context = document.createElement('canvas').getContext('2d');
        const { fontWeight, fontSize, fontFamily } = getComputedStyle(time);
        context.font = `${fontWeight} ${fontSize} ${fontFamily}`;
        return context.measureText('0').actualBoundingBoxAscent / innerHeight;
    });";

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn it_fits_on_a_projector_and_is_read_from_the_last_row() {
    let site = Site::start("--port 0");
    let browser = Browser::open(&compare(&site)).await;
    let [event_loop, sequential, pool] = three();
    let mut larger = with_threads(run(3, "flags-threadpool", 20), true);
    larger["name"] = json!("Mina");
    let pool = with_threads(pool, true);
    let (event_loop, sequential) =
        (with_threads(event_loop, false), with_threads(sequential, false));
    let four = [
        sequential.clone(),
        larger,
        event_loop.clone(),
        with_threads(run(4, "event-loop", 20), false),
    ];
    let all: [&[Value]; 3] =
        [&[event_loop.clone(), sequential, pool], &four, &[event_loop]];
    for runs in all {
        tell(&browser, &compare(&site), runs).await;
        for scheme in ["light", "dark"] {
            browser.prefer("prefers-color-scheme", scheme).await;
            for (width, height) in [(1920, 1080), (1280, 720)] {
                browser.resize(width, height, 1).await;
                let place = format!("{} runs, {scheme}, {width} by {height}", runs.len());
                // With a replay, whose sentences are longer than what is there otherwise.
                for keys in [vec![Key::Right; 3], vec![Key::Escape]] {
                    assert_eq!(browser.js(OVERHANG).await, json!([]), "{place}");
                    assert_eq!(browser.js(BAD_TEXT).await, json!([]), "{place}");
                    for key in keys {
                        let body = browser.client.active_element().await.unwrap();
                        body.send_keys(&char::from(key).to_string()).await.unwrap();
                    }
                    browser.frame().await;
                }
                for digits in browser.js(DIGITS).await.as_array().unwrap() {
                    let share = digits.as_f64().unwrap();
                    assert!((0.049..0.06).contains(&share), "{place}: {share}");
                }
            }
        }
    }
    // On a phone it may scroll down, but not to the right.
    browser.resize(360, 640, 2).await;
    let overhang = "const { documentElement: page } = document;
        return page.scrollWidth - page.clientWidth";
    assert_eq!(browser.js(overhang).await, 0);
}

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn four_hundred_at_once_fit_too() {
    let site = Site::start("--port 0 --latency 100ms");
    let browser = Browser::open(&compare(&site)).await;
    for (agent, workers) in
        [("flags-seq/0.1.0 (run 1a2b3c)", 1), ("flags-async/0.1.0 (run 8f3a2c)", 400)]
    {
        let paths = (0..400).map(|_| "/flags/br/br.gif".to_owned());
        let paths = if workers == 1 { paths.take(10).collect() } else { paths.collect() };
        site.ask_for(agent, paths, workers).wait();
    }
    let reason = "no factor: not the same flags, 10 in flags-seq and 400 in flags-async";
    browser.wait_for_js(&each("factor"), json!(["", reason])).await;
    assert_eq!(browser.js(OVERHANG).await, json!([]));
    // All of them are in the picture, each less than two pixels high.
    let height =
        "return document.querySelector('#compare li:last-child .lanes').clientHeight";
    let height = browser.js(height).await.as_u64().unwrap();
    assert!((200..550).contains(&height), "{height}");
}
