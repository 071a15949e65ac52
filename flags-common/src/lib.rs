//! What the downloaders share: everything that is not about waiting.
//!
//! `flags-seq`, `flags-threadpool` and `flags-async` lie side by side to show three ways
//! to wait for the network. So whatever they would do alike stands here: which flags
//! there are, the command line, the site, saving, showing, counting, and the end by
//! Ctrl-C. An example brings one function, `download_many`, and hands it to [`main`].

#[cfg(feature = "download")]
pub mod countries;
pub mod spinner;

pub mod program;

#[cfg(any(feature = "reqwest", feature = "ureq"))]
pub mod clients;
#[cfg(feature = "download")]
mod command_line;
#[cfg(feature = "download")]
mod concurrency;
#[cfg(feature = "download")]
mod console;
#[cfg(feature = "download")]
mod error;
#[cfg(feature = "download")]
mod flag;
#[cfg(feature = "download")]
mod har;
#[cfg(feature = "download")]
mod job;
#[cfg(feature = "download")]
mod output_file;
#[cfg(feature = "download")]
mod pictures;
#[cfg(feature = "download")]
mod recorder;
#[cfg(feature = "download")]
mod run;
#[cfg(feature = "download")]
mod save;
#[cfg(feature = "download")]
mod site;
#[cfg(feature = "download")]
mod timeline;
#[cfg(feature = "download")]
mod waterfall;

#[cfg(feature = "download")]
pub use self::{
    command_line::parse_timeout,
    error::FlagError,
    flag::{BODY_LIMIT, Flag, MAX_REDIRECTS, Outcome},
    job::Job,
    output_file::{OutputFile, OutputFileError},
    run::{Defaults, main},
    save::save_flag,
    site::{is_loopback, parse_url},
};
#[cfg(feature = "download")]
pub use flags_server::CountryCode;
/// The embedded site, for an example that asks it without downloading flags.
#[cfg(feature = "download")]
pub use flags_server::{Behaviour, DEFAULT_SEED, FlagServer, Latency, Profile};
