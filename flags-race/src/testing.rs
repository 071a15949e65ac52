//! A race, and runs of it, for the tests of what is made of them.

use std::process::ExitStatus;
use std::time::Duration;

use flags_server::Latency;

use crate::contestant::{Contestant, Ours, Style};
use crate::distance::Distance;
use crate::measure::Measured;
use crate::process::Peak;
use crate::race::{Pairing, Race};
use crate::run::{Failure, Run};
use crate::seen::Seen;

/// The place of the sequential contestant of [`race`].
pub(crate) const SEQ: usize = 0;

/// The place of the other one.
pub(crate) const ASYNC: usize = 1;

/// Three rounds of two contestants over 20 flags.
pub(crate) fn race() -> Race {
    let latency = Latency::Exponential { mean: Duration::from_millis(359) };
    Race {
        contestants: Contestant::all(&[Style::Seq, Style::Async].map(Ours::from), &[]),
        distances: vec![Distance { flags: 20, latency }],
        rounds: 3,
        seed: 1,
        scaled_to: None,
    }
}

/// The figures of a run of 20 flags over delays of at most half a second, in which all
/// went well.
pub(crate) fn measured(seconds: f64) -> Measured {
    let seen = Seen {
        requests: 20,
        answered: 20,
        largest_in_flight: 7,
        longest_delay: 500.0,
        ..Seen::default()
    };
    Measured {
        seconds,
        status: ended_with(0),
        last_words: None,
        saved: 20,
        peak: Peak { memory: Some(8 << 20), threads: Some(3) },
        seen: Ok(seen),
    }
}

/// A run that counts.
pub(crate) fn run(contestant: usize, round: usize, seconds: f64) -> Run {
    let pairing = Pairing { distance: 0, contestant };
    Run { round, pairing, outcome: Ok(measured(seconds)) }
}

/// A run that took a tenth of a second and does not count.
pub(crate) fn failed_run(contestant: usize, round: usize, reason: &str) -> Run {
    let failure = Failure { reason: reason.to_owned(), measured: Some(measured(0.1)) };
    Run { outcome: Err(failure), ..run(contestant, round, 0.1) }
}

/// How a program ends that returns `code`, of 0 to 255.
#[cfg(unix)]
pub(crate) fn ended_with(code: u8) -> ExitStatus {
    // In what the system calls a wait status, the code stands in the second byte.
    std::os::unix::process::ExitStatusExt::from_raw(i32::from(code) << 8)
}

/// How a program ends that returns `code`, of 0 to 255.
#[cfg(windows)]
pub(crate) fn ended_with(code: u8) -> ExitStatus {
    std::os::windows::process::ExitStatusExt::from_raw(code.into())
}
