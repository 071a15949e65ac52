//! The processes that a program has started, and those that they have. On Unix, which has
//! groups of processes, they end with the program.

use std::io;

use tokio::process::{Child, Command};

/// None of the group outlives this.
pub(super) struct Group {
    leader: Option<u32>,
}

impl Group {
    /// Starts a program that leads a group, so that no Ctrl-C in the terminal reaches it:
    /// that is for the runner, which then ends the whole group.
    pub(super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        let leader = child.id();
        Ok((child, Self { leader }))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        kill(self.leader);
    }
}

#[cfg(unix)]
fn kill(leader: Option<u32>) {
    use rustix::process::{Pid, Signal, kill_process_group};

    let leader = leader.and_then(|process| i32::try_from(process).ok());
    if let Some(leader) = leader.and_then(Pid::from_raw) {
        // It is an error where all have ended, which is the rule.
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(_: Option<u32>) {}
