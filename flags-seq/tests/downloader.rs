//! What all downloaders promise, tested on flags-seq.

#[path = "../../flags-common/tests/downloader/mod.rs"]
mod downloader;

const NAME: &str = "flags-seq";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-seq");
const MAX_CONCURRENCY: usize = 1;

/// How many threads wait for flags when the concurrency is at its largest.
const THREADS: usize = 1;
