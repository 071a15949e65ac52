//! A mutex, measured while another thread holds it.
//!
//! To lock a mutex that is free takes some nanoseconds. What blocks is to wait for its
//! holder, and that takes as long as the holder likes: here it sleeps, on purpose and for
//! a known time, so what is measured beyond that time is what the system adds until the
//! waiting thread goes on.

use std::io;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::{Measured, NotMeasured};

/// How often the mutex is locked.
const SAMPLES: usize = 21;

/// How long the other thread holds it each time.
const HELD: Duration = Duration::from_millis(10);

/// One call of `lock` on a mutex that another thread has locked.
pub(crate) fn wait() -> Result<Measured, NotMeasured> {
    let samples: io::Result<Vec<f64>> = (0..SAMPLES).map(|_| time_lock()).collect();
    let held = HELD.as_millis();
    let remark =
        format!("our own delay: another thread holds it and sleeps for {held} ms");
    let samples = samples.map_err(NotMeasured::NoThread)?;
    Ok(Measured { remark: Some(remark), ..Measured::new(samples) })
}

/// The time that `lock` takes, in nanoseconds.
fn time_lock() -> io::Result<f64> {
    let mutex = &Mutex::new(());
    let (sender, is_held) = mpsc::channel();
    let hold = move || {
        let _guard = mutex.lock();
        // This fails only when nobody waits for the mutex any more.
        let _ = sender.send(());
        thread::sleep(HELD);
    };
    thread::scope(|scope| {
        thread::Builder::new().spawn_scoped(scope, hold)?;
        is_held.recv().expect("the other thread sends before it does anything else");
        let start = Instant::now();
        let guard = mutex.lock();
        let time = start.elapsed();
        drop(guard);
        Ok(time.as_secs_f64() * 1e9)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_lock_takes_as_long_as_another_thread_holds_the_mutex() {
        let median = wait().unwrap().spread.median;
        let held = HELD.as_secs_f64() * 1e9;
        assert!((held / 10.0..held * 10.0).contains(&median), "{median} ns");
    }
}
