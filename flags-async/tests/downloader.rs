//! What all downloaders promise, tested on flags-async.

#[path = "../../flags-common/tests/downloader/mod.rs"]
mod downloader;

const NAME: &str = "flags-async";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-async");
const MAX_CONCURRENCY: usize = 1000;

/// How many threads wait for flags when the concurrency is at its largest.
const THREADS: usize = 1;
