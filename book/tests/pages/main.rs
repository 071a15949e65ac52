//! The built pages in a real browser, as `flags-server` serves them.
//!
//! It needs both books, Chromium with its driver, and axe, which `.ci/run` installs:
//!
//! ```text
//! mdbook build book/en
//! mdbook build book/ko
//! npm install --prefix target/axe axe-core@4.14.1
//! cargo test -p flags-book --test pages -- --ignored
//! ```
//!
//! With `PICTURES=folder` it leaves a picture of each page there, to be looked at.

mod browser;

use std::env;
use std::fs;
use std::path::PathBuf;

use fantoccini::Locator;
use flags_book::editions::LANGUAGES;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use self::browser::{Browser, Program, built};

/// A second browser would take the time that a page needs.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const CHECKS: &str = include_str!("checks.js");

/// The themes of mdBook, and whether they are dark.
const THEMES: [(&str, bool); 5] =
    [("light", false), ("rust", false), ("coal", true), ("navy", true), ("ayu", true)];

/// The book behind an address, and a browser.
struct Reader {
    browser: Browser,
    address: String,
    _server: Program,
}

impl Reader {
    async fn start() -> Self {
        let mut command = built("flags-server");
        let server = Program::start(command.args(["--port", "0"]), "http://");
        let address = server.line.replace("/flags", "/book/");
        Self { browser: Browser::start().await, address, _server: server }
    }

    async fn open(&self, page: &str) {
        self.browser.open(&format!("{}{page}", self.address)).await;
    }

    /// Does a check of `checks.js`, such as `overflow()`.
    async fn check(&self, call: &str) -> Vec<String> {
        let script = format!("{CHECKS}; Promise.resolve({call}).then(done)");
        let faults = self.browser.js_until_done(&script).await;
        serde_json::from_value(faults).unwrap()
    }

    async fn load_axe(&self) {
        self.browser.js(&axe()).await;
        self.browser.wait_for("return typeof axe === 'object'").await;
    }

    async fn theme(&self, theme: &str) {
        let script = format!("document.getElementById('mdbook-theme-{theme}').click()");
        self.browser.js(&script).await;
        self.browser.frame().await;
    }

    async fn take(&self, name: &str) {
        let Some(folder) = env::var_os("PICTURES").map(PathBuf::from) else { return };
        fs::create_dir_all(&folder).unwrap();
        let picture = self.browser.client.screenshot().await.unwrap();
        fs::write(folder.join(name.replace('/', "-") + ".png"), picture).unwrap();
    }
}

/// The script of axe, made to define itself in the page.
fn axe() -> String {
    let path = flags_book::root().join("target/axe/node_modules/axe-core/axe.min.js");
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The pages of an edition.
fn pages(language: &str) -> Vec<String> {
    let folder = flags_book::root().join("target/book").join(language);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("{}: {error}; mdbook build book/{language} makes it", folder.display())
    });
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    // Those that no reader opens as they are: a part of every page, and all pages in one.
    let apart = ["404.html", "print.html", "toc.html"];
    let is_page =
        |name: &String| name.ends_with("html") && !apart.contains(&name.as_str());
    let mut pages: Vec<_> =
        names.filter(is_page).map(|name| format!("{language}/{name}")).collect();
    pages.sort();
    assert!(!pages.is_empty(), "{} has no page", folder.display());
    pages
}

#[tokio::test]
#[ignore = "needs both books, Chromium and axe; .ci/run has all of it"]
async fn every_page_is_right_on_every_screen() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let reader = Reader::start().await;
    let mut faults = Vec::new();
    for page in LANGUAGES.into_iter().flat_map(pages) {
        faults.extend(check_page(&reader, &page).await);
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// All that is wrong with a page.
async fn check_page(reader: &Reader, page: &str) -> Vec<String> {
    let browser = &reader.browser;
    let mut faults: Vec<String> = Vec::new();
    let mut note = |what: &str, found: Vec<String>| {
        faults.extend(found.into_iter().map(|fault| format!("{page}, {what}: {fault}")));
    };
    reader.open(page).await;
    for (width, height) in [(1280, 720), (1920, 1080)] {
        browser.resize(width, height).await;
        let what = format!("{width} by {height}");
        note(&what, reader.check("slide()").await);
        note(&what, reader.check("columns()").await);
        note(&what, reader.check("overflow()").await);
    }
    browser.resize(390, 844).await;
    // A phone opens it without the table of contents.
    reader.open(page).await;
    note("390 px", reader.check("overflow()").await);
    note("390 px", reader.check("columns(1)").await);
    reader.take(&format!("{page}-phone")).await;

    browser.resize(1280, 720).await;
    reader.open(page).await;
    reader.load_axe().await;
    for (theme, _) in THEMES {
        reader.theme(theme).await;
        note(theme, reader.check("axeFaults()").await);
        reader.take(&format!("{page}-{theme}")).await;
    }
    reader.theme("light").await;

    browser.tell("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    browser.frame().await;
    note("on paper", reader.check("paper()").await);
    reader.take(&format!("{page}-paper")).await;
    browser.tell("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    note("console", browser.complaints().await);
    faults
}

#[tokio::test]
#[ignore = "needs both books, Chromium and axe; .ci/run has all of it"]
async fn what_is_wrong_with_a_page_is_seen() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let reader = Reader::start().await;
    for (page, break_it, fault) in [
        (
            "en/one-after-another.html",
            "main.style.width = '2000px'",
            "390 px: the page is",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('pre > code').style.cssText = \
             'white-space: pre !important'",
            "390 px: code is cut off",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.slide').style.minHeight = '0'",
            "1920 by 1080: below the slide",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.slide p:last-child').style.marginTop = '500px'",
            "1280 by 720: the slide ends",
        ),
        (
            "en/side-by-side.html",
            "main.querySelector('.row').style.cssText = \
             'display: flex; flex-flow: column'",
            "1280 by 720: 1 columns of 3",
        ),
        (
            "en/side-by-side.html",
            "main.querySelector('.row').style.display = 'grid'",
            "390 px: 3 columns of 3",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.slide > p').style.color = '#bbb'",
            "light: color-contrast",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('h2').outerHTML = '<h4>Too deep</h4>'",
            "light: heading-order",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('img').removeAttribute('alt')",
            "light: image-alt",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.teacher').className = ''; console.error('it failed')",
            "console: ",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.teacher').style.cssText = 'display: block !important'",
            "on paper: teacher is printed",
        ),
        (
            "en/one-after-another.html",
            "main.querySelector('.answer').hidden = true",
            "on paper: an answer is not printed",
        ),
    ] {
        let script = format!(
            "addEventListener('DOMContentLoaded', () => {{
                const main = document.querySelector('main'); {break_it} }})"
        );
        let added = reader
            .browser
            .tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }))
            .await;
        let faults = check_page(&reader, page).await;
        let name = json!({ "identifier": added["identifier"] });
        reader.browser.tell("Page.removeScriptToEvaluateOnNewDocument", name).await;
        assert!(faults.iter().any(|found| found.contains(fault)), "{fault}: {faults:#?}");
    }
}

#[tokio::test]
#[ignore = "needs both books, Chromium and axe; .ci/run has all of it"]
async fn the_link_to_the_other_language_keeps_the_place() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let reader = Reader::start().await;
    let browser = &reader.browser;
    for (language, other) in [("en", "ko"), ("ko", "en")] {
        reader.open(&format!("{language}/one-after-another.html#predict")).await;
        browser.js("document.querySelector('.language a').click()").await;
        browser
            .wait_for(&format!("return document.documentElement.lang === '{other}'"))
            .await;
        let place = browser.js("return location.pathname + location.hash").await;
        assert_eq!(place, format!("/book/{other}/one-after-another.html#predict"));
        browser
            .wait_for(
                "const heading = document.getElementById('predict');
                 const top = heading.getBoundingClientRect().top;
                 return top >= 0 && top < innerHeight",
            )
            .await;
        // And so it does when the reader has gone on to another place.
        browser.js("location.hash = 'python'").await;
        let script = "return document.querySelector('.language a').hash === '#python'";
        browser.wait_for(script).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
#[ignore = "needs both books, Chromium and axe; .ci/run has all of it"]
async fn the_search_finds_words_of_both_languages() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let reader = Reader::start().await;
    let browser = &reader.browser;
    for (language, query, page, title) in [
        ("ko", "스레드", "one-after-another.html", "‘스레드’ 검색 결과"),
        // A part of a word, and two words of one section.
        ("ko", "국기 기다", "one-after-another.html", "‘국기 기다’ 검색 결과"),
        ("ko", "waterfall", "one-after-another.html", "‘waterfall’ 검색 결과"),
        ("en", "thread", "threads-and-ownership.html", "results for 'thread'"),
    ] {
        search(&reader, language, query).await;
        browser
            .wait_for("return document.querySelector('#mdbook-searchresults a') !== null")
            .await;
        let header = text(browser, "#mdbook-searchresults-header").await;
        assert!(header.contains(title), "{header}");
        let links = "return [...document.querySelectorAll('#mdbook-searchresults a')]
            .map((link) => link.getAttribute('href'))";
        let links: Vec<String> = serde_json::from_value(browser.js(links).await).unwrap();
        assert!(links.iter().any(|link| link.contains(page)), "{query}: {links:?}");
        // The first result leads to a page on which the words are marked.
        browser.js("document.querySelector('#mdbook-searchresults a').click()").await;
        browser.wait_for("return document.querySelector('main mark') !== null").await;
    }
    search(&reader, "ko", "없는낱말").await;
    let script =
        "return document.getElementById('mdbook-searchresults-header').textContent
        === '‘없는낱말’ 검색 결과가 없습니다.'";
    browser.wait_for(script).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

/// Types a query into the search of an edition.
async fn search(reader: &Reader, language: &str, query: &str) {
    reader.open(&format!("{language}/side-by-side.html")).await;
    reader.browser.js("document.getElementById('mdbook-search-toggle').click()").await;
    let bar = Locator::Css("#mdbook-searchbar");
    let bar = reader.browser.client.wait().for_element(bar).await.unwrap();
    // The index is loaded when the search is opened, and what is typed before is lost.
    let loaded = "return !document.querySelector('#mdbook-search-wrapper .searching')";
    reader.browser.wait_for(loaded).await;
    bar.send_keys(query).await.unwrap();
}

async fn text(browser: &Browser, css: &str) -> String {
    let element = browser.client.find(Locator::Css(css)).await.unwrap();
    element.text().await.unwrap()
}

#[tokio::test]
#[ignore = "needs both books, Chromium and axe; .ci/run has all of it"]
async fn pictures_are_dark_where_the_page_is() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let reader = Reader::start().await;
    let browser = &reader.browser;
    reader.open("en/one-after-another.html").await;
    for (theme, is_dark) in THEMES {
        reader.theme(theme).await;
        // A corner of the picture, as it is on the screen.
        let corner = browser
            .js("const picture = document.querySelector('.picture img');
                 const box = picture.getBoundingClientRect();
                 return { x: box.x + 8, y: box.y + 8, width: 1, height: 1, scale: 1 }")
            .await;
        let shot = json!({ "format": "png", "clip": corner });
        let shot = browser.tell("Page.captureScreenshot", shot).await;
        let script = format!(
            "const image = new Image();
             image.onload = () => {{
                 const canvas = new OffscreenCanvas(1, 1).getContext('2d');
                 canvas.drawImage(image, 0, 0);
                 done([...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
             }};
             image.src = 'data:image/png;base64,{}'",
            shot["data"].as_str().unwrap()
        );
        let colour = browser.js_until_done(&script).await;
        let sum: u64 = colour.as_array().unwrap().iter().filter_map(Value::as_u64).sum();
        assert_eq!(sum < 3 * 128, is_dark, "{theme}: {colour}");
    }
}
