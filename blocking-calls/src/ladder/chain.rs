//! Caches and memory, measured by reads that wait for each other.
//!
//! A processor has many reads in flight at once and guesses which will come next, so a
//! plain loop over an array measures how much arrives in a second and not how long one
//! read takes. In a chain each read tells the place of the next, and the places are in
//! random order: nothing can be guessed, and every read has to wait for the one before.

use std::hint::black_box;
use std::time::{Duration, Instant};

use blocking_calls::figures::Spread;

use super::{Caches, Measured, NotMeasured};

/// How far apart the places of a chain are, in bytes. Caches fetch 64 bytes at a time, or
/// 128, or 64 and the neighbours: a read must not bring in the place of a later one.
const DISTANCE: usize = 128;

/// How often each chain is timed.
const SAMPLES: usize = 101;

/// How many reads are timed together. A clock cannot time one read of a nanosecond; on
/// the other hand a short run is rarely interrupted by the system.
const READS: u32 = 5_000;

/// How long one cycle of the processor takes, in nanoseconds.
///
/// No system tells how fast the processor runs at the moment, only how fast it may. But
/// an addition takes one cycle on all of today's processors, when it has to wait for the
/// result of the one before, and so does an exclusive or.
pub(crate) fn cycle() -> f64 {
    wake_up();
    let samples: Vec<f64> = (0..SAMPLES).map(|_| time_of_additions()).collect();
    Spread::of(samples).expect("there are samples").median
}

/// One read from the level 1 cache.
pub(crate) fn level_1(caches: Option<Caches>) -> Result<Measured, NotMeasured> {
    chase(caches.ok_or(NotMeasured::NoCacheInformation)?.inside_level_1())
}

/// One read from the level 2 cache.
pub(crate) fn level_2(caches: Option<Caches>) -> Result<Measured, NotMeasured> {
    let caches = caches.ok_or(NotMeasured::NoCacheInformation)?;
    chase(caches.inside_level_2().ok_or(NotMeasured::SmallLevel2)?)
}

/// One read from memory, which includes the look-up of where its page is.
pub(crate) fn memory(caches: Option<Caches>) -> Result<Measured, NotMeasured> {
    chase(caches.ok_or(NotMeasured::NoCacheInformation)?.outside())
}

/// How long one read takes in a chain that goes through `bytes` of memory.
fn chase(bytes: usize) -> Result<Measured, NotMeasured> {
    let chain = random_cycle(bytes).ok_or(NotMeasured::NoMemory(bytes >> 20))?;
    let mut place = 0;
    let sample = |_| {
        let start = Instant::now();
        for _ in 0..READS {
            place = chain[place];
        }
        // Without a use of the result the compiler would remove the loop.
        place = black_box(place);
        start.elapsed().as_secs_f64() * 1e9 / f64::from(READS)
    };
    Ok(Measured::new((0..SAMPLES).map(sample).collect()))
}

/// Memory in which every place holds the index of the next, in a random order that goes
/// through all of them before it begins again. `None` when there is not enough memory.
///
/// The places have been written in this order too, from the first one on, so whoever
/// begins there finds the caches as if the chain had been gone through once: what fits
/// into one is there, and of what does not fit, the first places are gone.
fn random_cycle(bytes: usize) -> Option<Vec<usize>> {
    let step = DISTANCE / size_of::<usize>();
    let places = bytes / DISTANCE;
    let (mut chain, mut order) = (Vec::new(), Vec::new());
    chain.try_reserve_exact(places * step).ok()?;
    order.try_reserve_exact(places).ok()?;
    chain.resize(places * step, 0);
    order.extend((0..places).map(|place| place * step));
    // The first place stays where it is: a circle may begin anywhere.
    if let Some((_, others)) = order.split_first_mut() {
        fastrand::shuffle(others);
    }
    let next = order.iter().cycle().skip(1);
    for (&place, &next) in order.iter().zip(next) {
        chain[place] = next;
    }
    Some(chain)
}

fn time_of_additions() -> f64 {
    const PAIRS: u32 = 10_000;
    // Unknown to the compiler, or it would work out the result by itself.
    let (added, mask) = black_box((0x9E37_79B9_u64, 0x7F4A_7C15_u64));
    let mut number = 0_u64;
    let start = Instant::now();
    for _ in 0..PAIRS {
        number = number.wrapping_add(added) ^ mask;
    }
    black_box(number);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(2 * PAIRS)
}

/// Keeps the processor busy until it has left its power-saving mode.
fn wake_up() {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(100) {
        time_of_additions();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_goes_through_all_places_before_it_begins_again() {
        let chain = random_cycle(64 * DISTANCE).unwrap();
        let mut place = 0;
        for round in 1..=64 {
            place = chain[place];
            assert_eq!(place == 0, round == 64, "after {round} reads");
        }
    }

    #[test]
    fn more_memory_than_there_is_is_an_answer() {
        assert_eq!(random_cycle(usize::MAX / 2), None);
    }

    #[test]
    fn without_sizes_nothing_is_measured() {
        for measure in [level_1, level_2, memory] {
            let reason = measure(None).unwrap_err();
            assert!(matches!(reason, NotMeasured::NoCacheInformation), "{reason}");
        }
    }
}
