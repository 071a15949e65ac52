//! What all spinners promise, tested on spinner-thread.

#[path = "../../flags-common/tests/spinner/mod.rs"]
mod spinner;

const NAME: &str = "spinner-thread";
const PROGRAM: &str = env!("CARGO_BIN_EXE_spinner-thread");
const OBJECT: &str = "spinner object: <Thread state=running>";

/// How many frames are drawn in a second: ten, or fewer where the machine is busy.
#[cfg(unix)]
const FRAMES: std::ops::RangeInclusive<usize> = 2..=100;
