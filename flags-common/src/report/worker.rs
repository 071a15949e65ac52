//! The threads that have to do with flags, as a site and the pictures of a run number
//! them, and how long processors have worked for them.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use cpu_time::ThreadTime;

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

/// How long processors have worked for the threads that have to do with flags.
///
/// It is counted thread by thread, and not for the whole process: that would count the
/// embedded site as well, which is a thread of it.
#[derive(Debug, Default)]
pub(crate) struct CpuTime {
    nanoseconds: AtomicU64,
}

impl CpuTime {
    /// Adds what the calling thread has worked since it was here last. At its first time
    /// it only begins to count.
    #[cfg_attr(
        all(windows, target_env = "gnu"),
        allow(
            clippy::missing_const_for_thread_local,
            reason = "it is `const`, which clippy does not see on this one system"
        )
    )]
    pub(crate) fn count(&self) {
        thread_local! {
            static LAST: Cell<Option<ThreadTime>> = const { Cell::new(None) };
        }
        let now = ThreadTime::try_now().ok();
        if let (Some(last), Some(now)) = (LAST.replace(now), now) {
            let worked = now.duration_since(last).as_nanos();
            let worked = u64::try_from(worked).expect("no run takes 500 years");
            self.nanoseconds.fetch_add(worked, Ordering::Relaxed);
        }
    }

    /// All that has been counted. `None` where the system does not count it, or only in
    /// steps that are longer than this run was.
    pub(crate) fn total(&self) -> Option<Duration> {
        let total = Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed));
        (!total.is_zero()).then_some(total)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn work_counts_from_the_first_time_on_and_sleep_does_not() {
        let cpu = CpuTime::default();
        let began = Instant::now();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    cpu.count();
                    thread::sleep(Duration::from_millis(200));
                    // Longer than any step in which a system counts, and however long a
                    // busy machine takes to let it work that much.
                    let start = ThreadTime::now();
                    while start.elapsed() < Duration::from_millis(50) {
                        assert!(began.elapsed() < Duration::from_secs(60));
                    }
                    cpu.count();
                });
            }
        });
        let total = cpu.total().unwrap();
        assert!(!total.is_zero() && total < 2 * began.elapsed(), "{total:?}");
        assert_eq!(CpuTime::default().total(), None);
    }

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
