//! A disk that is slow on every computer.

use std::thread;
use std::time::Duration;

use flags_common::{Flag, FlagError, save_flag};

use super::hashes::beats;
use super::note;

/// How long it takes to save a flag.
pub(crate) const SLOW_DISK: Duration = Duration::from_millis(400);

/// The name of the fact that a flag was saved on it. It has how often the heart of
/// [`beside_a_heartbeat`](super::beside_a_heartbeat) has beaten meanwhile.
pub(crate) const SAVED_SLOWLY: &str = "saved-slowly";

/// Saves a flag as [`save_flag`] does, on a disk that takes 400 ms for it: for so long it
/// blocks the calling thread.
///
/// # Errors
///
/// Those of [`save_flag`].
pub fn save_on_slow_disk(flag: &Flag, image: &[u8]) -> Result<(), FlagError> {
    let before = beats();
    thread::sleep(SLOW_DISK);
    save_flag(flag, image)?;
    note(SAVED_SLOWLY, beats() - before);
    Ok(())
}
