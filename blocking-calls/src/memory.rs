//! How much memory this process has.

use std::io;

/// The memory of a process at one moment, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// What it occupies in the machine's memory.
    pub resident: f64,
    /// The addresses that it has been given, whether there is memory behind them or not.
    /// Windows counts only those that have been promised memory, so it is `None` there.
    pub reserved: Option<f64>,
}

impl Memory {
    /// The memory of this process now.
    ///
    /// # Errors
    ///
    /// What the system says when it does not tell.
    #[cfg(target_os = "linux")]
    pub fn now() -> io::Result<Self> {
        // `status` tells what is resident as well, but can be some hundred pages off.
        let resident = kilobytes("/proc/self/smaps_rollup", "Rss:")?;
        let reserved = kilobytes("/proc/self/status", "VmSize:")?;
        Ok(Self { resident: resident * 1024.0, reserved: Some(reserved * 1024.0) })
    }

    /// The memory of this process now.
    ///
    /// # Errors
    ///
    /// When the system does not tell.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::cast_precision_loss, reason = "exact up to 9,000,000 GB")]
    pub fn now() -> io::Result<Self> {
        let memory = memory_stats::memory_stats()
            .ok_or_else(|| io::Error::other("the system does not tell its memory"))?;
        let reserved = (!cfg!(windows)).then_some(memory.virtual_mem as f64);
        Ok(Self { resident: memory.physical_mem as f64, reserved })
    }
}

/// The number in the line of `file` that begins with `name`.
#[cfg(target_os = "linux")]
fn kilobytes(file: &str, name: &str) -> io::Result<f64> {
    let text = std::fs::read_to_string(file)?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .ok_or_else(|| io::Error::other(format!("there is no {name} in {file}")))
}
