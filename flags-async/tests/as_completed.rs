//! What `flags-async-ac` shows of its tasks.

#[path = "../../flags-common/tests/as_completed/mod.rs"]
mod as_completed;

const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-async-ac");
/// None of the tasks runs before the event loop does.
const SCHEDULED: [&str; 5] = ["<Task state=pending>"; 5];
/// They have their ids in the order in which they were spawned.
const FINISHED: &str = "<Task state=finished> result: Ok((Id(NUMBER), Ok(CODE)))";
