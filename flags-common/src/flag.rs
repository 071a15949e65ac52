//! One flag on its way from the site to the disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Instant;

use http::StatusCode;

use crate::countries::CountryCode;
use crate::error::FlagError;
use crate::recorder::Recorder;
use crate::timeline::Stamps;

/// The number of bytes at which a body is too large to be a flag: one more than 1 MiB.
/// The flags of the embedded site have a few thousand.
pub const BODY_LIMIT: u64 = (1 << 20) + 1;

/// How many redirects are followed for one flag.
pub const MAX_REDIRECTS: u8 = 5;

/// One flag to download: it knows where it comes from and where it goes, and it is
/// stamped on the way, so that the report can tell how many were in flight at once.
///
/// It ends in [`save_flag`](crate::save_flag) or in [`fail`](Self::fail). One that is
/// dropped before, because its worker panicked, is reported as failed.
pub struct Flag {
    code: CountryCode,
    url: String,
    path: PathBuf,
    queued: Instant,
    started: OnceLock<(Instant, ThreadId)>,
    first_byte: OnceLock<Instant>,
    complete: OnceLock<Instant>,
    ended: bool,
    recorder: Arc<Recorder>,
}

/// How the download of a flag ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The flag is on the disk, whole.
    Downloaded(CountryCode),
    /// The site has no such flag.
    NotFound(CountryCode),
    /// An error, which has been reported.
    Failed(CountryCode),
}

impl Flag {
    pub(crate) fn new(
        code: CountryCode,
        base_url: &str,
        destination: &Path,
        recorder: Arc<Recorder>,
    ) -> Self {
        let lower_case = code.to_string().to_lowercase();
        Self {
            code,
            url: format!("{base_url}/{lower_case}/{lower_case}.gif"),
            path: destination.join(format!("{code}.gif")),
            queued: Instant::now(),
            started: OnceLock::new(),
            first_byte: OnceLock::new(),
            complete: OnceLock::new(),
            ended: false,
            recorder,
        }
    }

    /// The flag's country code.
    #[must_use]
    pub fn code(&self) -> CountryCode {
        self.code
    }

    /// Where the flag is downloaded from.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file that the flag is saved to.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stamps the flag as in flight, by the calling thread.
    pub fn start(&self) {
        self.started.get_or_init(|| (Instant::now(), thread::current().id()));
    }

    /// Looks at the status of the answer, whose first byte has just arrived.
    ///
    /// # Errors
    ///
    /// Those of [`FlagError::check_status`].
    pub fn check_status(&self, status: StatusCode) -> Result<(), FlagError> {
        self.first_byte.get_or_init(Instant::now);
        FlagError::check_status(status)
    }

    /// Adds the part of the body that has just arrived to those before it.
    ///
    /// # Errors
    ///
    /// That of [`FlagError::check_size`].
    pub fn append(&self, image: &mut Vec<u8>, part: &[u8]) -> Result<(), FlagError> {
        image.extend_from_slice(part);
        FlagError::check_size(image)
    }

    /// Looks at the whole body, which has just arrived, and hands it back.
    ///
    /// A network's log-in page answers every request with status 200, so only the
    /// signature that every GIF file begins with (`GIF89a` specification, section 17)
    /// proves that this is an image.
    ///
    /// # Errors
    ///
    /// [`FlagError::NotGif`] when `image` begins with anything else.
    pub fn check_image(&self, image: Vec<u8>) -> Result<Vec<u8>, FlagError> {
        self.complete.get_or_init(Instant::now);
        if image.starts_with(b"GIF87a") || image.starts_with(b"GIF89a") {
            Ok(image)
        } else {
            Err(FlagError::NotGif)
        }
    }

    /// Ends the flag with an error, which is reported on standard error.
    pub fn fail(mut self, error: FlagError) -> Outcome {
        self.end(Err(error))
    }

    /// Writes the last stamp and hands everything to the report.
    pub(crate) fn end(&mut self, result: Result<(), FlagError>) -> Outcome {
        self.ended = true;
        let outcome = match result {
            Ok(()) => Outcome::Downloaded(self.code),
            Err(FlagError::NotFound) => Outcome::NotFound(self.code),
            Err(_) => Outcome::Failed(self.code),
        };
        let stamps = Stamps {
            outcome,
            queued: self.queued,
            started: self.started.get().map(|&(time, _)| time),
            thread: self.started.get().map(|&(_, thread)| thread),
            first_byte: self.first_byte.get().copied(),
            complete: self.complete.get().copied(),
            ended: Instant::now(),
        };
        let error = result.err();
        self.recorder.flag_ended(self, stamps, error.as_ref());
        outcome
    }

    pub(crate) fn recorder(&self) -> Arc<Recorder> {
        Arc::clone(&self.recorder)
    }
}

impl Drop for Flag {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Err(FlagError::Abandoned));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Style;
    use crate::console::tests::{Page, screen};

    fn flag(recorder: &Arc<Recorder>) -> Flag {
        let code = CountryCode::new("br").unwrap();
        let destination = Path::new("downloads");
        Flag::new(code, "http://site/flags", destination, Arc::clone(recorder))
    }

    fn recorder() -> Arc<Recorder> {
        Arc::new(Recorder::new(1, screen(Style::Codes, &Page::default())))
    }

    #[test]
    fn it_knows_where_it_comes_from_and_where_it_goes() {
        let flag = flag(&recorder());
        assert_eq!(flag.url(), "http://site/flags/br/br.gif");
        assert_eq!(flag.path(), Path::new("downloads").join("BR.gif"));
    }

    #[test]
    fn only_success_passes_the_status_check() {
        let flag = flag(&recorder());
        assert!(flag.check_status(StatusCode::OK).is_ok());
        let missing = flag.check_status(StatusCode::NOT_FOUND);
        assert!(matches!(missing, Err(FlagError::NotFound)));
        for status in [StatusCode::IM_A_TEAPOT, StatusCode::FOUND] {
            let error = flag.check_status(status).unwrap_err();
            assert!(matches!(error, FlagError::Status(found) if found == status));
        }
    }

    #[test]
    fn only_a_gif_signature_passes_the_image_check() {
        let flag = flag(&recorder());
        assert!(flag.check_image(b"GIF89a...".to_vec()).is_ok());
        assert!(flag.check_image(b"GIF87a...".to_vec()).is_ok());
        for wrong in [&b"<!DOCTYPE html>"[..], b"", b"GIF8"] {
            let error = flag.check_image(wrong.to_vec()).unwrap_err();
            assert!(matches!(error, FlagError::NotGif));
        }
    }

    #[test]
    fn the_stamps_follow_one_another() {
        let recorder = recorder();
        let flag = flag(&recorder);
        flag.start();
        flag.check_status(StatusCode::OK).unwrap();
        flag.check_image(b"GIF89a".to_vec()).unwrap();
        flag.fail(FlagError::TimedOut);
        let timeline = recorder.timeline();
        let [stamps] = timeline.as_slice() else {
            panic!("one flag leaves one line of stamps")
        };
        assert_eq!(stamps.thread, Some(thread::current().id()));
        assert!(Some(stamps.queued) <= stamps.started);
        assert!(stamps.started <= stamps.first_byte);
        assert!(stamps.first_byte <= stamps.complete);
        assert!(stamps.complete <= Some(stamps.ended));
    }

    #[test]
    fn a_flag_that_is_dropped_counts_as_failed() {
        let recorder = recorder();
        drop(flag(&recorder));
        let outcome = recorder.timeline()[0].outcome;
        assert_eq!(outcome, Outcome::Failed(CountryCode::new("BR").unwrap()));
    }
}
