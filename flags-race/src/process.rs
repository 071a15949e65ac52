//! Runs a program to its end, and measures what it takes.

use std::io;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use wait4::{ResUse, Wait4};

use crate::interrupt::asked_to_stop;
use crate::running;

/// How often a running program is looked at. Often enough that one which takes a tenth
/// of a second is seen at its height, and so seldom that to look costs it nothing.
const PAUSE: Duration = Duration::from_millis(10);

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// From its start to its end.
    pub(crate) time: Duration,
    pub(crate) peak: Peak,
}

/// The largest amounts that were seen; `None` where the system does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Peak {
    /// Resident memory in bytes.
    pub(crate) memory: Option<u64>,
    pub(crate) threads: Option<u64>,
}

impl Peak {
    fn or_larger(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            threads: self.threads.max(other.threads),
        }
    }

    #[cfg(target_os = "linux")]
    fn plus(self, other: Self) -> Self {
        let add = |a: Option<u64>, b: Option<u64>| Some(a.unwrap_or(0) + b.unwrap_or(0));
        Self {
            memory: add(self.memory, other.memory),
            threads: add(self.threads, other.threads),
        }
    }
}

/// Runs `command` to its end, or up to Ctrl-C. Meanwhile `look` is called now and then
/// with the time that has passed.
///
/// The end is awaited by a thread of its own, because that must not be late by a pause.
pub(crate) fn run(
    command: &mut Command,
    mut look: impl FnMut(Duration),
) -> io::Result<Ended> {
    let started = Instant::now();
    let mut child = running::start(command)?;
    let (sender, end) = mpsc::channel();
    let mut program = Program { id: child.id(), end, has_ended: false };
    thread::spawn(move || {
        let resources = child.wait4();
        // It fails when this program ends before the other, and there is no run any more.
        let _ = sender.send((Instant::now(), resources));
    });
    let mut peak = Peak::default();
    loop {
        peak = peak.or_larger(now(program.id));
        match program.end.recv_timeout(PAUSE) {
            Ok((ended, resources)) => {
                program.has_ended = true;
                let ResUse { status, rusage } = resources?;
                let memory = exact_memory(rusage.maxrss);
                let peak = peak.or_larger(Peak { memory, threads: None });
                return Ok(Ended { status, time: ended - started, peak });
            }
            Err(RecvTimeoutError::Timeout) if asked_to_stop() => {
                running::kill(program.id);
            }
            Err(RecvTimeoutError::Timeout) => look(started.elapsed()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("the end of the program was missed"));
            }
        }
    }
}

/// A running program. It is killed when this is dropped, so that none outlives its run.
struct Program {
    id: u32,
    end: Receiver<(Instant, io::Result<ResUse>)>,
    has_ended: bool,
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.has_ended {
            running::kill(self.id);
        }
        running::has_ended(self.id);
    }
}

/// The peak that the system tells at the end of a program, as far as it can be trusted.
#[cfg(target_os = "linux")]
fn exact_memory(bytes: u64) -> Option<u64> {
    // For a moment a new process uses the memory of the one that has started it, which
    // Linux counts as well. So what is no more than our own peak says nothing.
    let ours = status_of("self").and_then(|status| status.memory);
    (Some(bytes) > ours).then_some(bytes)
}

/// The peak that the system tells at the end of a program, as far as it can be trusted.
#[cfg(not(target_os = "linux"))]
fn exact_memory(bytes: u64) -> Option<u64> {
    (bytes > 0).then_some(bytes)
}

/// What a running program and all that it has started take now.
#[cfg(target_os = "linux")]
fn now(id: u32) -> Peak {
    let Some(mut sum) = status_of(&id.to_string()) else { return Peak::default() };
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
    for child in children.unwrap_or_default().split_whitespace() {
        sum = child.parse().map_or(sum, |child| sum.plus(now(child)));
    }
    sum
}

/// What a running program and all that it has started take now.
#[cfg(not(target_os = "linux"))]
fn now(_: u32) -> Peak {
    Peak::default()
}

/// What one process takes; `None` when it has ended.
#[cfg(target_os = "linux")]
fn status_of(process: &str) -> Option<Peak> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let number = |name| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    // VmHWM, the "high water mark", is the largest part in memory so far, in kilobytes.
    let memory = number("VmHWM:")?.checked_mul(1024)?;
    Some(Peak { memory: Some(memory), threads: number("Threads:") })
}
