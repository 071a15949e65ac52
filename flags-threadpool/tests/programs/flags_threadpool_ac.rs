//! What `flags-threadpool-ac` shows of its futures.

#[path = "../../../flags-common/tests/as_completed/mod.rs"]
mod as_completed;

const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-threadpool-ac");
const RUNNING: &str = "<Future state=running>";
const PENDING: &str = "<Future state=pending>";
/// Three futures run at once, on three threads; the others wait in the queue.
const SCHEDULED: [&str; 5] = [RUNNING, RUNNING, RUNNING, PENDING, PENDING];
const FINISHED: &str = "<Future state=finished> result: Ok(Ok(CODE))";
