//! What all downloaders promise, but for what reqwest adds: connections that are used
//! again, redirects and proxies.

#[path = "../../../flags-common/tests/downloader/mod.rs"]
pub(crate) mod downloader;
#[path = "../../../flags-common/tests/downloader/faults.rs"]
mod faults;
#[path = "../../../flags-common/tests/downloader/frame.rs"]
mod frame;

use self::downloader::Threads;
use self::downloader::program::Program;
use self::downloader::site::{Answer, Site};

const NAME: &str = "event-loop";
const PROGRAM: &str = env!("CARGO_BIN_EXE_event-loop");
const MAX_CONCURRENCY: usize = 1000;
const THREADS: Threads = Threads::One;

#[test]
fn https_is_refused_in_words_with_advice_once() {
    let report = Program::new(&["-s", "https://127.0.0.1:1/flags", "BR", "US"]).run();
    for code in ["BR", "US"] {
        assert!(report.error_of(code).contains("https is not spoken here"));
    }
    assert_eq!(report.stderr.matches("flags-async downloads by https").count(), 1);
    assert_eq!(report.status, Some(1));
}

#[test]
fn a_redirect_is_not_followed_but_told() {
    let site = Site::new(&[("aa", Answer::Redirects(1))]);
    let report = Program::new(&["-s", &site.url, "AA"]).run();
    assert!(report.error_of("AA").contains("HTTP status 302"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
}

#[test]
fn the_addresses_of_a_name_are_tried_one_after_another() {
    // Where the name of this machine has two, the site listens at one of them only.
    let site = Site::new(&[]);
    let url = site.url.replace("127.0.0.1", "localhost");
    let report = Program::new(&["-s", &url, "BR", "US"]).run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
}
