//! What all downloaders promise, tested on flags-async-buffered.

#[path = "../../../flags-common/tests/downloader/mod.rs"]
mod downloader;

use std::io::{BufRead, BufReader};

use self::downloader::Threads;
use self::downloader::program::Program;
use self::downloader::site::{Answer, Site};

const NAME: &str = "flags-async-buffered";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-async-buffered");
const MAX_CONCURRENCY: usize = 1000;
const THREADS: Threads = Threads::One;

#[test]
fn an_error_is_reported_when_it_comes_although_another_flag_never_does() {
    let site = Site::new(&[("aa", Answer::Never), ("ab", Answer::Status(418))]);
    let arguments = ["-s", &site.url, "--timeout", "60s", "aa", "ab"];
    let mut program = Program::new(&arguments);
    let mut child = program.start();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("AB HTTP status 418"), "{line}");
}
