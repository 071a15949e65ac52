//! One run of one contestant, and whether it counts.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde::Serialize;
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::contestant::{Contestant, Task, urls};
use crate::distance::Distance;
use crate::process::{self, Ended};
use crate::site::{Seen, Site};

/// What happened in one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run {
    /// Counted from 1.
    pub(crate) round: usize,
    pub(crate) name: String,
    pub(crate) flags: usize,
    /// Why it does not count; `None` when it does.
    pub(crate) failure: Option<String>,
    /// From the start of the process to its end.
    pub(crate) seconds: f64,
    /// `None` when it was killed, or could not even be started.
    pub(crate) exit_status: Option<i32>,
    /// How many whole images are in the destination.
    pub(crate) saved: usize,
    pub(crate) peak_memory_bytes: Option<u64>,
    pub(crate) peak_threads: Option<u64>,
    /// What the site saw; `None` when it does not tell.
    pub(crate) site: Option<Seen>,
}

/// Lets `contestant` do `distance` once. Meanwhile `look` is called now and then with the
/// time that has passed.
///
/// Whatever goes wrong becomes the failure of this run: the others can be as they should.
pub(crate) fn run(
    binaries: &Binaries,
    contestant: &Contestant,
    distance: &Distance,
    seed: u64,
    round: usize,
    look: impl FnMut(Duration),
) -> Run {
    let mut run = Run {
        round,
        name: contestant.name.clone(),
        flags: distance.flags,
        failure: None,
        seconds: 0.0,
        exit_status: None,
        saved: 0,
        peak_memory_bytes: None,
        peak_threads: None,
        site: None,
    };
    let failure = try_to_run(binaries, contestant, distance, seed, look, &mut run);
    run.failure = failure.unwrap_or_else(|error| Some(error.to_string()));
    run
}

/// Writes to `run` what happens, and returns why it does not count, if so.
fn try_to_run(
    binaries: &Binaries,
    contestant: &Contestant,
    distance: &Distance,
    seed: u64,
    look: impl FnMut(Duration),
    run: &mut Run,
) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let site = Site::start(binaries, distance, seed)?;
    let folder = TempDir::with_prefix("flags-race-")?;
    let destination = folder.path().join("flags");
    fs::create_dir(&destination)?;
    let list = folder.path().join("urls");
    fs::write(&list, urls(site.url(), distance.flags).join("\n") + "\n")?;
    // A file and not a pipe, which would have to be read all the time.
    let mut stderr = tempfile::tempfile()?;

    let task = Task {
        flags: distance.flags,
        url: site.url(),
        destination: &destination,
        list: &list,
    };
    let mut command = contestant.command(binaries, &task);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr.try_clone()?);
    let Ended { status, time, peak } = process::run(&mut command, look)?;
    run.seconds = time.as_secs_f64();
    run.exit_status = status.code();
    run.peak_memory_bytes = peak.memory;
    run.peak_threads = peak.threads;
    run.saved = whole_images(&destination)?;

    let complaint = if status.success() { None } else { Some(last_line(&mut stderr)?) };
    let ended = complaint.map(|complaint| format!("{status}{complaint}"));
    // First what the program says itself: a site that says nothing explains less.
    match site.seen() {
        Ok(told) => run.site = Some(told),
        Err(error) if ended.is_none() => return Err(error.into()),
        Err(_) => {}
    }
    let files = contestant.files(distance.flags);
    Ok(ended.or_else(|| loss(distance.flags, files, run.saved, &run.site?)))
}

/// What is missing although the program says that all is well; `None` when nothing is.
///
/// Of `flags` requests the site must have seen as many, and `files` must be there.
fn loss(flags: usize, files: usize, saved: usize, seen: &Seen) -> Option<String> {
    let flags = flags as u64;
    if saved < files {
        Some(format!("only {saved} of {files} flags were saved"))
    } else if seen.good() < flags {
        Some(format!("the site gave only {} of {flags} flags", seen.good()))
    } else if seen.failed > 0 {
        Some(format!("the site saw {} requests fail", seen.failed))
    } else {
        None
    }
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

/// The last line of what a program has complained about, after a colon.
fn last_line(stderr: &mut File) -> io::Result<String> {
    let mut text = Vec::new();
    stderr.seek(SeekFrom::Start(0))?;
    stderr.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    // A progress bar goes back to the beginning of its line again and again.
    let mut lines = text.split(['\n', '\r']).map(str::trim);
    let last = lines.rfind(|line| !line.is_empty());
    Ok(last.map_or_else(String::new, |line| format!(": {line}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answered: u64, failed: u64) -> Seen {
        Seen { requests: answered, answered, failed, ..Seen::default() }
    }

    #[test]
    fn a_run_counts_when_every_flag_was_given_and_saved() {
        assert_eq!(loss(3, 3, 3, &seen(3, 0)), None);
        // One who asks twice has all flags in the end.
        assert_eq!(loss(3, 3, 3, &seen(4, 0)), None);
    }

    #[test]
    fn a_run_that_lost_something_does_not_count() {
        for (saved, seen, expected) in [
            (2, seen(3, 0), "only 2 of 3 flags were saved"),
            (3, seen(2, 0), "the site gave only 2 of 3 flags"),
            (3, seen(3, 1), "the site gave only 2 of 3 flags"),
            (3, seen(4, 1), "the site saw 1 requests fail"),
        ] {
            assert_eq!(loss(3, 3, saved, &seen).as_deref(), Some(expected));
        }
    }

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
    fn of_a_complaint_the_last_line_is_told() {
        let complaint = |text: &str| {
            let mut file = tempfile::tempfile().unwrap();
            io::Write::write_all(&mut file, text.as_bytes()).unwrap();
            last_line(&mut file).unwrap()
        };
        assert_eq!(complaint("note: x\nerror: no disk\n\n"), ": error: no disk");
        assert_eq!(complaint("1 %\r50 %\rcurl: (7) refused\r\n"), ": curl: (7) refused");
        assert_eq!(complaint(""), "");
    }
}
