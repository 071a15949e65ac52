//! A mutex and an atomic as in the standard library, but in slow motion.
//!
//! When a thread does in two steps what has to be one, another thread comes between them
//! perhaps once in a million times. Here a thread pauses before it takes a lock, and
//! after it has loaded an atomic, so that the others do come between, and what can go
//! wrong goes wrong each time. What is right here is right at full speed.

use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::sync::{LockResult, MutexGuard, Once, atomic};
use std::thread;
use std::time::Duration;

use crate::observe::note;

/// Longer than the moment in which threads end that have waited for the same time.
const PAUSE: Duration = Duration::from_millis(50);

/// The fact by which the check knows that the mutex is in use: at full speed, what is
/// wrong would hardly ever go wrong.
pub(crate) const MUTEX: &str = "slow-mutex";
/// The same of the atomic.
pub(crate) const ATOMIC: &str = "slow-atomic";

/// A [`std::sync::Mutex`] before whose lock each thread pauses.
#[derive(Debug, Default)]
pub struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    /// A mutex that nobody has locked.
    pub const fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    /// Pauses, and then locks as [`std::sync::Mutex::lock`] does.
    ///
    /// # Errors
    ///
    /// When a thread has panicked while it held the lock.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| _ = note(MUTEX, "used"));
        thread::sleep(PAUSE);
        self.0.lock()
    }
}

/// A [`std::sync::atomic::AtomicUsize`] after whose `load` each thread pauses.
#[derive(Debug, Default)]
pub struct AtomicUsize(atomic::AtomicUsize);

impl AtomicUsize {
    /// An atomic with this value.
    #[must_use]
    pub const fn new(value: usize) -> Self {
        Self(atomic::AtomicUsize::new(value))
    }

    /// Loads as [`std::sync::atomic::AtomicUsize::load`] does, and then pauses.
    pub fn load(&self, order: Ordering) -> usize {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| _ = note(ATOMIC, "used"));
        let value = self.0.load(order);
        thread::sleep(PAUSE);
        value
    }
}

/// All that an atomic can do besides.
impl Deref for AtomicUsize {
    type Target = atomic::AtomicUsize;

    fn deref(&self) -> &atomic::AtomicUsize {
        &self.0
    }
}
