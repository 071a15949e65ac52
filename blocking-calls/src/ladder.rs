//! The rungs of the ladder: how long one access takes at each distance.
//!
//! Each is measured many times. What cannot be measured on this machine is left out with
//! its reason, because a guess would look like a measurement.

mod caches;
pub(crate) mod chain;
pub(crate) mod disk;
pub(crate) mod mutex;
pub(crate) mod network;

use std::io;
use std::path::PathBuf;

use blocking_calls::figures::Spread;
use flags_common::{FlagError, program};

pub(crate) use self::caches::Caches;

/// What has been measured of a rung.
#[derive(Debug)]
pub(crate) struct Measured {
    /// How long one access took, in nanoseconds.
    pub(crate) spread: Spread,
    /// What else the time depends on than the name of the rung says, such as on a delay
    /// that was made on purpose.
    pub(crate) remark: Option<String>,
}

impl Measured {
    /// `samples` are times in nanoseconds, and there is at least one.
    fn new(samples: Vec<f64>) -> Self {
        let spread = Spread::of(samples).expect("each rung is measured more than once");
        Self { spread, remark: None }
    }
}

/// Why a rung is missing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotMeasured {
    #[error("this machine does not tell the sizes of its caches")]
    NoCacheInformation,
    #[error("its size is less than four times that of the level 1 cache")]
    SmallLevel2,
    #[error("there are no {0} MB of memory for a test larger than all caches")]
    NoMemory(usize),
    #[error(
        "cannot use the folder {}: {cause}; --folder names another",
        folder.display()
    )]
    Folder { folder: PathBuf, cause: io::Error },
    #[error(
        "the reads were answered from memory, or the folder {} is not on a disk of this \
         machine; --folder names another", folder.display()
    )]
    NoDisk { folder: PathBuf },
    #[error("{0}")]
    NoThread(io::Error),
    #[error("cannot start the embedded site: {}", program::in_words(.0))]
    Site(io::Error),
    #[error("no answer from {url}: {cause}")]
    NoAnswer { url: String, cause: FlagError },
}
