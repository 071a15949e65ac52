//! One run of one contestant, measured. What the figures mean is not judged here.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use crate::binaries::Binaries;
use crate::contestant::Contestant;
use crate::distance::Distance;
use crate::folder::Folder;
use crate::process::{self, Ended, Peak};
use crate::seen::Seen;
use crate::site::{Site, SiteError};
use crate::task::{Selection, Task};

/// What was measured in a run.
#[derive(Debug)]
pub(crate) struct Measured {
    /// From the start of the process to its end.
    pub(crate) seconds: f64,
    pub(crate) status: ExitStatus,
    /// The last line that the program has written to standard error.
    pub(crate) last_words: Option<String>,
    /// How many whole images are in the destination.
    pub(crate) saved: usize,
    pub(crate) peak: Peak,
    /// What the site saw, or why it does not tell.
    pub(crate) seen: Result<Seen, SiteError>,
}

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MeasureError {
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error("a new folder for the flags cannot be used: {0}")]
    Folder(io::Error),
    #[error("the program cannot be run: {0}")]
    Process(io::Error),
}

/// Lets `contestant` go over `distance` once, against a site of its own and into a new
/// folder. Meanwhile `look` is called now and then with the time that has passed.
pub(crate) fn measure(
    binaries: &Binaries,
    contestant: &Contestant,
    distance: &Distance,
    seed: u64,
    look: impl FnMut(Duration),
) -> Result<Measured, MeasureError> {
    let site = Site::start(binaries, distance, seed)?;
    let folder = Folder::new().map_err(MeasureError::Folder)?;
    let destination = folder.path().join("flags");
    fs::create_dir(&destination).map_err(MeasureError::Folder)?;
    let list = folder.path().join("urls");
    let selection = Selection::of(distance.flags);
    let urls = selection.urls(site.url()).join("\n") + "\n";
    fs::write(&list, urls).map_err(MeasureError::Folder)?;
    // A file and not a pipe, which would have to be read all the time.
    let mut stderr = tempfile::tempfile().map_err(MeasureError::Folder)?;

    let task = Task {
        selection: &selection,
        url: site.url(),
        destination: &destination,
        list: &list,
    };
    let mut command = contestant.command(binaries, &task);
    let to_file = stderr.try_clone().map_err(MeasureError::Folder)?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(to_file);
    let Ended { status, time, peak } =
        process::run(&mut command, look).map_err(MeasureError::Process)?;
    Ok(Measured {
        seconds: time.as_secs_f64(),
        status,
        last_words: last_line(&mut stderr).map_err(MeasureError::Folder)?,
        saved: whole_images(&destination).map_err(MeasureError::Folder)?,
        peak,
        seen: site.seen(),
    })
}

/// Counts the whole images below a folder, whatever their names are.
fn whole_images(folder: &Path) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += if entry.file_type()?.is_dir() {
            whole_images(&entry.path())?
        } else {
            usize::from(is_whole_image(&entry.path())?)
        };
    }
    Ok(count)
}

/// Whether a file begins and ends as a GIF does (`GIF89a` specification, sections 17 and
/// 27), so that neither an error page nor half an image counts.
fn is_whole_image(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let (mut signature, mut trailer) = ([0; 6], [0]);
    let whole = file
        .read_exact(&mut signature)
        .and_then(|()| file.seek(SeekFrom::End(-1)))
        .and_then(|_| file.read_exact(&mut trailer));
    Ok(whole.is_ok() && matches!(&signature, b"GIF87a" | b"GIF89a") && trailer == *b";")
}

/// The last line of what a program has written to standard error.
fn last_line(stderr: &mut File) -> io::Result<Option<String>> {
    let mut text = Vec::new();
    stderr.seek(SeekFrom::Start(0))?;
    stderr.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    // A progress bar goes back to the beginning of its line again and again.
    let mut lines = text.split(['\n', '\r']).map(str::trim);
    Ok(lines.rfind(|line| !line.is_empty()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_images_count_whatever_they_are_called() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("site")).unwrap();
        for (name, content) in [
            ("BR.gif", &b"GIF89a...;"[..]),
            ("site/br", b"GIF87a;"),
            ("half.gif", b"GIF89a..."),
            ("page.gif", b"<!DOCTYPE html>;"),
            ("empty.gif", b""),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        assert_eq!(whole_images(folder.path()).unwrap(), 2);
    }

    #[test]
    fn the_last_words_are_the_last_line() {
        let last_words = |text: &str| {
            let mut file = tempfile::tempfile().unwrap();
            io::Write::write_all(&mut file, text.as_bytes()).unwrap();
            last_line(&mut file).unwrap()
        };
        let words =
            ["note: x\nerror: no disk\n\n", "1 %\r50 %\rcurl: (7) refused\r\n", ""];
        let [ours, curl, none] = words.map(last_words);
        assert_eq!(ours.as_deref(), Some("error: no disk"));
        assert_eq!(curl.as_deref(), Some("curl: (7) refused"));
        assert_eq!(none, None);
    }
}
