//! What all spinners promise, tested on spinner-async.

#[path = "../../flags-common/tests/spinner/mod.rs"]
mod spinner;

const NAME: &str = "spinner-async";
const PROGRAM: &str = env!("CARGO_BIN_EXE_spinner-async");
const OBJECT: &str = "spinner object: <Task state=pending>";

/// How many frames are drawn in a second: ten, or fewer where the machine is busy.
#[cfg(unix)]
const FRAMES: std::ops::RangeInclusive<usize> = 2..=100;
