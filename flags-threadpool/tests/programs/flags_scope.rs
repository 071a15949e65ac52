//! What all downloaders promise, tested on flags-scope.

#[path = "../../../flags-common/tests/downloader/mod.rs"]
mod downloader;

#[cfg(target_os = "linux")]
use std::fs;

use self::downloader::Threads;
#[cfg(target_os = "linux")]
use self::downloader::{program::Program, site::Site};

const NAME: &str = "flags-scope";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-scope");
const MAX_CONCURRENCY: usize = 1000;
const THREADS: Threads = Threads::OneForEachFlag;

#[cfg(target_os = "linux")]
#[test]
fn there_are_no_more_threads_than_may_be_in_flight() {
    // The site waits for an eighth request before it answers any, and none may come.
    let site = Site::with_gate(&[], 8);
    let mut program = Program::new(&["-s", &site.url, "--timeout", "60s", "-m", "7"]);
    let mut child = program.start();
    site.wait_for_requests(7);
    let threads = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap().count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(threads, 7 + 2, "one takes the results, and one waits for Ctrl-C");
}
