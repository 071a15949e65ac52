//! Pictures of the page, to be looked at by people. They are written to the folder that
//! the environment variable `PICTURES` names, or below the target folder.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::browser::Browser;
use crate::load::{STUDENTS, class};
use crate::site::{Site, TWENTY};

#[tokio::test]
#[ignore = "needs Chromium and its driver; .ci/run installs both"]
async fn pictures_of_the_page() {
    let folder = env::var_os("PICTURES").map_or_else(
        || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("live-page"),
        PathBuf::from,
    );
    fs::create_dir_all(&folder).unwrap();
    let site = Site::start("--port 0 --profile BOOK");
    let browser = Browser::open(&site.page()).await;
    let take = async |name: &str| {
        let picture = browser.client.screenshot().await.unwrap();
        fs::write(folder.join(format!("live-{name}")), picture).unwrap();
    };
    take("empty.png").await;

    site.download("flags-seq/0.1.0 (run 1a2b3c)", &TWENTY, 1).wait();
    site.download("flags-threadpool/0.1.0 (run 4d5e6f)", &TWENTY, 5).wait();
    let all_at_once = site.download("flags-async/0.1.0 (run 8f3a2c)", &TWENTY, 20);
    browser.wait_for_js("return document.querySelectorAll('.moving').length", 1).await;
    browser
        .wait_for("some answers", async || {
            browser.number(0, "done").await.parse::<u32>().unwrap_or(0) > 8
        })
        .await;
    take("growing.png").await;
    all_at_once.wait();
    browser.wait_for_finished(3).await;
    // Twice as sharp, as a projector shows it that is worth its money.
    browser.resize(1280, 720, 2).await;
    take("light.png").await;
    browser.prefer("prefers-color-scheme", "dark").await;
    take("dark.png").await;
    browser.resize(360, 640, 2).await;
    take("phone-dark.png").await;
    browser.prefer("prefers-color-scheme", "light").await;
    take("phone.png").await;

    browser.resize(1280, 720, 1).await;
    browser.click("#clear").await;
    browser.wait_for_js("return document.querySelectorAll('article').length", 0).await;
    let class = class(&site);
    let rows = "return document.querySelectorAll('.row:not([hidden])').length";
    browser.wait_for_js(rows, STUDENTS).await;
    take("class-growing.png").await;
    for downloads in class {
        downloads.wait();
    }
    browser.wait_for_finished(STUDENTS).await;
    take("class.png").await;
}
