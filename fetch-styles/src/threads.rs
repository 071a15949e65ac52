//! The threads of a program, counted as they start, so that what the program prints about
//! them is a count and not a claim.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The threads that one style needs: the one that makes the calls, and those that are
/// started here. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Threads(Arc<AtomicUsize>);

impl Threads {
    /// Starts a thread, which ends when `work` returns, and for which nobody has to wait.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread left.
    pub fn start(
        &self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        thread::Builder::new().name(name.to_owned()).spawn(work)?;
        // Only a count, through which no thread tells another anything, hence `Relaxed`.
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// How many there are: those that were started, and the one that makes the calls.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.0.load(Ordering::Relaxed)
    }
}
