//! The threads that have to do with flags, as a site and the pictures of a run number
//! them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};

/// A thread that has sent a request, or saved a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Worker {
    /// Counted from 1 on, in the order in which they had to do with their first flag.
    pub(crate) number: usize,
    pub(crate) id: ThreadId,
}

impl Worker {
    /// The calling thread.
    pub(crate) fn current() -> Self {
        static NUMBERS: AtomicUsize = AtomicUsize::new(1);
        thread_local! {
            // Kept by the thread itself, so that it takes no lock to ask for it, once for
            // each request.
            static CURRENT: Worker = Worker {
                number: NUMBERS.fetch_add(1, Ordering::Relaxed),
                id: thread::current().id(),
            };
        }
        CURRENT.with(|&worker| worker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_keeps_its_number_and_no_other_has_it() {
        let both = || (Worker::current(), Worker::current());
        let (here, still_here) = both();
        let (elsewhere, _) = thread::spawn(both).join().unwrap();
        assert_eq!(here, still_here);
        assert_ne!(here.number, elsewhere.number);
        assert_eq!(here.id, thread::current().id());
    }
}
