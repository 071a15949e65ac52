//! What all downloaders promise, tested on flags-threadpool.

#[path = "../../flags-common/tests/downloader/mod.rs"]
mod downloader;

const NAME: &str = "flags-threadpool";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-threadpool");
const MAX_CONCURRENCY: usize = 1000;

/// How many threads wait for flags when the concurrency is at its largest.
const THREADS: usize = 1000;
