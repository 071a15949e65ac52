//! What the reader would take for each of ten pieces of work.

use super::tell;

/// What the chapter's picture leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// One after another.
    For,
    /// A thread for each wait.
    Pool,
    /// Many waits on a loop.
    Futures,
    /// A thread beside a loop of futures.
    SpawnBlocking,
    /// As many threads as there are cores.
    Cores,
    /// A program of its own.
    Process,
}

impl Take {
    pub(crate) const ALL: [Self; 6] = [
        Self::For,
        Self::Pool,
        Self::Futures,
        Self::SpawnBlocking,
        Self::Cores,
        Self::Process,
    ];
}

/// Tells the check what was taken for each of ten cases, in their order.
pub fn decisions(taken: [Take; 10]) {
    tell("decisions", taken.map(|take| format!("{take:?}")).join(" "));
}
