//! One flag on its way from the site to the disk.

use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Instant;

use flags_server::{CountryCode, FlagFile};
use http::StatusCode;

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
    started: OnceLock<(Instant, ThreadId)>,
    first_byte: OnceLock<(Instant, StatusCode)>,
    complete: OnceLock<(Instant, usize)>,
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

impl Outcome {
    /// The flag's country code.
    #[must_use]
    pub fn code(self) -> CountryCode {
        match self {
            Self::Downloaded(code) | Self::NotFound(code) | Self::Failed(code) => code,
        }
    }
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
        Self {
            code,
            url: format!("{base_url}/{}", FlagFile::Image(code)),
            path: destination.join(file_name),
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
        self.started.get_or_init(|| {
            self.recorder.flag_started();
            (Instant::now(), thread::current().id())
        });
    }

    /// Stamps the first byte of the answer, which has this status.
    pub(crate) fn first_byte(&self, status: StatusCode) {
        self.first_byte.get_or_init(|| (Instant::now(), status));
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
    pub(crate) fn check_image(&self, image: Vec<u8>) -> Result<Vec<u8>, FlagError> {
        self.complete.get_or_init(|| (Instant::now(), image.len()));
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
            error: result.as_ref().err().map(ToString::to_string),
            url: mem::take(&mut self.url),
            started: self.started.get().copied(),
            first_byte: self.first_byte.get().copied(),
            complete: self.complete.get().copied(),
            ended: Instant::now(),
        };
        self.recorder.flag_ended(stamps, result.err().and_then(|error| error.advice()));
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
    use crate::console::tests::Page;

    fn flag(recorder: &Arc<Recorder>) -> Flag {
        let code = CountryCode::new("br").unwrap();
        let destination = Path::new("downloads");
        Flag::new(code, 1, "http://site/flags", destination, Arc::clone(recorder))
    }

    fn recorder() -> Arc<Recorder> {
        Arc::new(Recorder::on_page(1, Style::Codes, &Page::default()))
    }

    #[test]
    fn it_knows_where_it_comes_from_and_where_it_goes() {
        let flag = flag(&recorder());
        assert_eq!(flag.url(), "http://site/flags/br/br.gif");
        assert_eq!(flag.path(), Path::new("downloads").join("BR.gif"));
    }

    #[test]
    fn a_further_copy_goes_to_a_file_of_its_own() {
        let code = CountryCode::new("br").unwrap();
        let flag = Flag::new(code, 3, "http://site", Path::new("downloads"), recorder());
        assert_eq!(flag.url(), "http://site/br/br.gif");
        assert_eq!(flag.path(), Path::new("downloads").join("BR-3.gif"));
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
        flag.first_byte(StatusCode::OK);
        flag.check_image(b"GIF89a".to_vec()).unwrap();
        flag.fail(FlagError::TimedOut);
        let stamps = recorder.only_stamps();
        let (started, thread) = stamps.started.unwrap();
        let (first_byte, status) = stamps.first_byte.unwrap();
        let (complete, bytes) = stamps.complete.unwrap();
        assert_eq!(thread, thread::current().id());
        assert_eq!((status, bytes), (StatusCode::OK, 6));
        assert!(started <= first_byte && first_byte <= complete);
        assert!(complete <= stamps.ended);
    }

    #[test]
    fn a_flag_that_is_dropped_counts_as_failed() {
        let recorder = recorder();
        drop(flag(&recorder));
        let outcome = recorder.only_stamps().outcome;
        assert_eq!(outcome, Outcome::Failed(CountryCode::new("BR").unwrap()));
    }
}
