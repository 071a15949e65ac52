//! The programs that this one has started, and that go on. None of them outlives it.

use std::io;
use std::mem;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The numbers of their processes.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Starts a program that no Ctrl-C in the terminal reaches. Else one that ended because
/// of it could be taken for one that failed.
pub(crate) fn start(command: &mut Command) -> io::Result<Child> {
    let mut running = running();
    let child = in_group_of_its_own(command).spawn()?;
    running.push(child.id());
    Ok(child)
}

/// Takes note that a program has ended.
pub(crate) fn has_ended(id: u32) {
    running().retain(|&running| running != id);
}

/// Kills all that run. Whoever then starts one more waits until this program ends.
pub(crate) fn kill_all() {
    let running = running();
    running.iter().copied().for_each(kill);
    mem::forget(running);
}

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills a program with all that it has started, since a shell does its work in others.
#[cfg(unix)]
pub(crate) fn kill(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};

    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It fails only where all of them have ended already.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Kills a program with all that it has started, since a shell does its work in others.
#[cfg(windows)]
pub(crate) fn kill(id: u32) {
    let mut command = Command::new("taskkill");
    // It fails only where all of them have ended already.
    let _ = command.args(["/T", "/F", "/PID", &id.to_string()]).output();
}

#[cfg(unix)]
fn in_group_of_its_own(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(windows)]
fn in_group_of_its_own(command: &mut Command) -> &mut Command {
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    std::os::windows::process::CommandExt::creation_flags(
        command,
        CREATE_NEW_PROCESS_GROUP,
    )
}
