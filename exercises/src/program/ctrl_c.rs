//! Ctrl-C for one program, and not for all that share its terminal.

use std::io;

/// Sends what Ctrl-C sends in a terminal.
#[cfg(unix)]
pub(super) fn press_ctrl_c(process: Option<u32>) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};

    let process = process.and_then(|process| i32::try_from(process).ok());
    match process.and_then(Pid::from_raw) {
        Some(process) => Ok(kill_process(process, Signal::INT)?),
        None => Ok(()), // It has ended already.
    }
}

/// Sends what Ctrl-C sends in a terminal.
#[cfg(not(unix))]
pub(super) fn press_ctrl_c(_: Option<u32>) -> io::Result<()> {
    let text = "on this system no program can press Ctrl-C for one other program";
    Err(io::Error::new(io::ErrorKind::Unsupported, text))
}
