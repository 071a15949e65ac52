//! The rungs of the ladder: how long one access takes at each distance.
//!
//! Each is measured many times. What cannot be measured on this machine is left out with
//! its reason, because a guess would look like a measurement.

mod caches;
pub mod chain;
pub mod disk;
pub mod network;

use std::io;
use std::path::PathBuf;

pub use self::caches::Caches;

/// Why a rung is missing.
#[derive(Debug, thiserror::Error)]
pub enum NotMeasured {
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
    #[error("cannot start the embedded site: {0}")]
    Site(io::Error),
    #[error("no answer from {url}: {cause}")]
    NoAnswer { url: String, cause: ureq::Error },
}
