//! A disk that is slow on every computer.

use std::thread;
use std::time::Duration;

use flags_common::{Flag, FlagError, save_flag};

use super::note;

/// How long it takes to save a flag.
pub(crate) const SLOW_DISK: Duration = Duration::from_millis(400);

/// The name of the fact that a flag was saved on it.
pub(crate) const SAVED_SLOWLY: &str = "saved-slowly";

/// Saves a flag as [`save_flag`] does, on a disk that takes 400 ms for it: for so long it
/// blocks the calling thread.
///
/// # Errors
///
/// Those of [`save_flag`].
pub fn save_on_slow_disk(flag: &Flag, image: &[u8]) -> Result<(), FlagError> {
    thread::sleep(SLOW_DISK);
    save_flag(flag, image)?;
    note(SAVED_SLOWLY, flag.code());
    Ok(())
}
