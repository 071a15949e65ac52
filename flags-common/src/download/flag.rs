//! One flag on its way from the site to the disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use flags_server::{CountryCode, FlagFile};
use http::StatusCode;

use super::error::FlagError;
use super::gif;
use super::recorder::Recorder;
use super::url::without_user;
use crate::report::timeline::{Outcome, Stamps};
use crate::report::worker::Worker;

/// One flag to download: it knows where it comes from and where it goes.
///
/// On its way it is stamped, so that the report can tell when what happened to it: when
/// its URL is asked for, when its image arrives, and when it is saved. One that is
/// dropped before that has failed; who gets the error reports it with
/// [`Job::report`](crate::Job::report).
///
/// It is no larger than a pointer, because it moves a lot: a future that waits for a flag
/// has a place for it in each of the functions that it is handed to.
pub struct Flag(Box<Way>);

/// What a flag knows, and what has happened to it so far.
struct Way {
    code: CountryCode,
    url: String,
    path: PathBuf,
    started: OnceLock<(Instant, Worker)>,
    first_byte: OnceLock<(Instant, StatusCode)>,
    complete: OnceLock<(Instant, usize)>,
    saving: OnceLock<(Instant, Worker)>,
    saved: OnceLock<()>,
    recorder: Arc<Recorder>,
}

impl Flag {
    /// The flag of a country, for the first time in a run or once more: each `copy`,
    /// counted from 1, goes to a file of its own.
    pub(crate) fn new(
        code: CountryCode,
        copy: usize,
        base_url: &str,
        destination: &Path,
        recorder: Arc<Recorder>,
    ) -> Self {
        let file_name = match copy {
            1 => format!("{code}.gif"),
            _ => format!("{code}-{copy}.gif"),
        };
        Self(Box::new(Way {
            code,
            url: FlagFile::Image(code).url(base_url),
            path: destination.join(file_name),
            started: OnceLock::new(),
            first_byte: OnceLock::new(),
            complete: OnceLock::new(),
            saving: OnceLock::new(),
            saved: OnceLock::new(),
            recorder,
        }))
    }

    /// The flag's country code.
    #[must_use]
    pub fn code(&self) -> CountryCode {
        self.0.code
    }

    /// Where the flag is downloaded from. Only who is about to send the request needs to
    /// know that, so this is the moment from which the flag counts as in flight, by the
    /// calling thread.
    #[must_use]
    pub fn url(&self) -> &str {
        self.0.started.get_or_init(|| {
            let now = Instant::now();
            self.0.recorder.flag_started(now);
            (now, Worker::current())
        });
        &self.0.url
    }

    /// The file that the flag is saved to.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Stamps the first byte of the answer, which has this status.
    pub(crate) fn first_byte(&self, status: StatusCode) {
        self.0.first_byte.get_or_init(|| (Instant::now(), status));
        self.0.recorder.count_work();
    }

    /// Looks at the body, which has just arrived, and hands it back if it is an image
    /// from its first byte to its last.
    pub(crate) fn check_image(&self, image: Vec<u8>) -> Result<Vec<u8>, FlagError> {
        self.0.complete.get_or_init(|| (Instant::now(), image.len()));
        self.0.recorder.count_work();
        gif::check(&image)?;
        Ok(image)
    }

    /// Runs what saves this flag, which then is downloaded.
    pub(crate) fn save(
        &self,
        save: impl FnOnce() -> Result<(), FlagError>,
    ) -> Result<(), FlagError> {
        self.0.saving.get_or_init(|| (Instant::now(), Worker::current()));
        self.0.recorder.count_work();
        // All of it between two looks of Ctrl-C: what is on the disk has been counted.
        self.0.recorder.write(|| {
            save()?;
            self.0.saved.get_or_init(|| self.end(Outcome::Downloaded));
            Ok(())
        })
    }

    /// Why it was not downloaded, as far as the flag itself has seen: who gets the error
    /// knows more, but may come to report it only when the run has been interrupted.
    fn reason(&self) -> String {
        let status = self.0.first_byte.get().map(|&(_, status)| status);
        let error = status.and_then(|status| FlagError::check_status(status).err());
        error.unwrap_or(FlagError::Abandoned).to_string()
    }

    /// Hands all stamps to the report.
    fn end(&self, outcome: Outcome) {
        let is_saved = outcome == Outcome::Downloaded;
        self.0.recorder.flag_ended(Stamps {
            code: self.0.code,
            outcome,
            error: (!is_saved).then(|| self.reason()),
            is_reported: false,
            url: without_user(&self.0.url),
            started: self.0.started.get().copied(),
            first_byte: self.0.first_byte.get().copied(),
            complete: self.0.complete.get().copied(),
            ended: Instant::now(),
            saver: self.0.saving.get().copied(),
        });
    }
}

/// Shows that a flag has been downloaded: its code, a line of its own with `--verbose`,
/// or a bit more of the progress bar (*Fluent Python*, 1st ed., example 17-2).
pub fn show(flag: &Flag) {
    flag.0.recorder.show(flag.0.code);
}

/// The end of a flag that was not saved.
impl Drop for Flag {
    fn drop(&mut self) {
        if self.0.saved.get().is_none() {
            self.end(match self.0.first_byte.get() {
                Some((_, StatusCode::NOT_FOUND)) => Outcome::NotFound,
                Some((_, status)) if !status.is_success() => Outcome::Failed,
                // Until somebody reports why.
                _ => Outcome::GivenUp,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::streams::Style;
    use crate::testing::{GIF, Page, code, flag, recorder};

    fn recorder_of_one() -> Arc<Recorder> {
        recorder(1, Style::Codes, &Page::default())
    }

    #[test]
    fn it_knows_where_it_comes_from_and_where_each_copy_goes() {
        let copy = |copy| {
            let destination = Path::new("downloads");
            Flag::new(code("br"), copy, "http://site", destination, recorder_of_one())
        };
        for (number, file) in [(1, "BR.gif"), (3, "BR-3.gif")] {
            assert_eq!(copy(number).url(), "http://site/br/br.gif");
            assert_eq!(copy(number).path(), Path::new("downloads").join(file));
        }
    }

    #[test]
    fn the_stamps_follow_one_another() {
        let recorder = recorder_of_one();
        let flag = flag("BR", &recorder);
        let _ = flag.url();
        flag.first_byte(StatusCode::OK);
        flag.check_image(GIF.to_vec()).unwrap();
        flag.save(|| Ok(())).unwrap();
        drop(flag);
        let stamps = recorder.only_stamps();
        let (started, thread) = stamps.started.unwrap();
        let (first_byte, status) = stamps.first_byte.unwrap();
        let (complete, bytes) = stamps.complete.unwrap();
        assert_eq!((thread, stamps.saver.unwrap().1), (Worker::current(), thread));
        assert_eq!((status, bytes), (StatusCode::OK, GIF.len()));
        assert!(
            started <= first_byte && first_byte <= complete && complete <= stamps.ended
        );
        assert_eq!(stamps.outcome, Outcome::Downloaded);
    }

    #[test]
    fn a_flag_that_is_dropped_before_it_is_saved_has_failed_or_was_not_found() {
        for (status, expected) in [
            (None, Outcome::GivenUp),
            (Some(StatusCode::NOT_FOUND), Outcome::NotFound),
            (Some(StatusCode::IM_A_TEAPOT), Outcome::Failed),
            (Some(StatusCode::OK), Outcome::GivenUp),
        ] {
            let recorder = recorder_of_one();
            let flag = flag("BR", &recorder);
            if let Some(status) = status {
                flag.first_byte(status);
            }
            drop(flag);
            assert_eq!(recorder.only_stamps().outcome, expected);
        }
    }
}
