//! What ends a program before it has done all: Ctrl-C, and what is like it.

use std::io;

use super::in_words;

/// Why a program is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Ctrl-C (SIGINT).
    CtrlC,
    /// Somebody has asked for it (SIGTERM), as `kill` does.
    Terminated,
    /// The terminal was closed (SIGHUP).
    HungUp,
    /// The limit of CPU time is reached (SIGXCPU), which `ulimit -t` sets.
    OutOfCpuTime,
}

impl Stop {
    /// The exit status: 128 and the signal's number.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::HungUp => 129,
            Self::CtrlC => super::INTERRUPTED,
            Self::Terminated => 143,
            Self::OutOfCpuTime => 152,
        }
    }

    /// What has happened to the program, in words that its number of flags may follow.
    #[cfg(feature = "download")]
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::OutOfCpuTime => "out of CPU time, by `ulimit -t`,",
            _ => "interrupted",
        }
    }
}

/// Calls `handler` on a thread that does nothing else, whenever the program is to end.
///
/// # Errors
///
/// What the system says.
pub fn on_stop(handler: impl FnMut(Stop) + Send + 'static) -> io::Result<()> {
    listen(handler).map_err(|error| {
        let error = in_words(&error);
        io::Error::other(format!("cannot listen for what ends a program: {error}"))
    })
}

/// Who starts a program may have it ignore some of that, as `nohup` does, and then it
/// stays ignored. But Ctrl-C is heeded: a script has all ignore it that it runs in the
/// background, where no key reaches them, and who sends it there all the same means it.
#[cfg(unix)]
fn listen(mut handler: impl FnMut(Stop) + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXCPU, SIGXFSZ};
    use signal_hook::iterator::Signals;

    // The last one would end the program amid a file that grows beyond `ulimit -f`. As
    // long as anybody listens to it, the write is an error instead, which has words.
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGXFSZ];
    let ignored = ignored();
    let is_heeded = |signal: i32| signal == SIGINT || ignored & (1 << (signal - 1)) == 0;
    let heeded = signals.iter().filter(|&&signal| is_heeded(signal));
    let mut signals = Signals::new(heeded)?;
    std::thread::Builder::new().spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGINT => handler(Stop::CtrlC),
                SIGTERM => handler(Stop::Terminated),
                SIGHUP => handler(Stop::HungUp),
                SIGXCPU => handler(Stop::OutOfCpuTime),
                _ => {}
            }
        }
    })?;
    Ok(())
}

/// The signals that this program was told to ignore, a bit for each, the lowest for the
/// signal of number 1. Only Linux says so without a call that is `unsafe`.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Only Ctrl-C ends a program here.
#[cfg(not(unix))]
fn listen(mut handler: impl FnMut(Stop) + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(move || handler(Stop::CtrlC)).map_err(io::Error::other)
}
