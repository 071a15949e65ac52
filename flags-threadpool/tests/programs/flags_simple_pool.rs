//! What all downloaders promise, tested on flags-simple-pool.

#[path = "../../../flags-common/tests/downloader/mod.rs"]
mod downloader;

use self::downloader::Threads;

const NAME: &str = "flags-simple-pool";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-simple-pool");
const MAX_CONCURRENCY: usize = 1000;
const THREADS: Threads = Threads::OneForEachInFlight;
