//! The wrong version keeps all promises of a spinner but one: it does not turn.

#[path = "../../flags-common/tests/spinner/mod.rs"]
mod spinner;

const NAME: &str = "spinner-async-blocked";
const PROGRAM: &str = env!("CARGO_BIN_EXE_spinner-async-blocked");
const OBJECT: &str = "spinner object: <Task state=pending>";

/// How many frames are drawn in a second.
#[cfg(unix)]
const FRAMES: std::ops::RangeInclusive<usize> = 0..=0;
