//! What all downloaders promise, tested on flags-async.

#[path = "../../../flags-common/tests/downloader/client.rs"]
mod client;
#[path = "../../../flags-common/tests/downloader/mod.rs"]
mod downloader;
#[path = "../../../flags-common/tests/downloader/faults.rs"]
mod faults;
#[path = "../../../flags-common/tests/downloader/frame.rs"]
mod frame;
#[path = "../../../flags-common/tests/downloader/pictures.rs"]
mod pictures;
#[path = "../../../flags-common/tests/downloader/verbose.rs"]
mod verbose;

use self::downloader::Threads;

const NAME: &str = "flags-async";
const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-async");
const MAX_CONCURRENCY: usize = 1000;
const THREADS: Threads = Threads::One;
