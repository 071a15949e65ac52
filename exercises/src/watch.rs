//! Checks an exercise again whenever it is saved.

use std::fs;
use std::io;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use exercises::exercise::Exercise;
use notify::{RecursiveMode, Watcher};

use crate::progress::Progress;
use crate::words::Words;
use crate::{begin, check, copy};

/// One save is several events: an editor writes another file and renames it. When there
/// was none for this long, it is over.
const QUIET: Duration = Duration::from_millis(50);

/// Checks `exercise` now and after each save, and then the next that is not done, until
/// all are.
pub(crate) fn watch(
    mut exercise: &'static Exercise,
    progress: &mut Progress,
    words: Words,
) -> io::Result<bool> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(io::Error::other)?;
    // The folder: a file that is replaced by another is watched no more.
    let folder = copy::folder_of_copies()?;
    watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(io::Error::other)?;
    loop {
        // Put in place before its time is taken: that is no save. Saved while it is
        // checked, it is checked again.
        begin(exercise, words)?;
        let checked = saved_at(exercise);
        if check(exercise, progress, words)? {
            match progress.next(Some(exercise)) {
                Some(next) => exercise = next,
                None => return Ok(true),
            }
            continue;
        }
        words.waits()?;
        // An editor may take the file away for a moment.
        while [None, checked].contains(&saved_at(exercise)) {
            let event = events.recv().map_err(io::Error::other)?;
            event.map_err(io::Error::other)?;
            while events.recv_timeout(QUIET).is_ok() {}
        }
    }
}

/// When the file of the exercise was saved; `None` as long as there is none.
fn saved_at(exercise: &Exercise) -> Option<SystemTime> {
    fs::metadata(copy::file(exercise)).and_then(|file| file.modified()).ok()
}
