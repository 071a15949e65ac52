//! What the downloaders share: everything that is not about waiting.
//!
//! `flags-seq`, `flags-threadpool` and `flags-async` lie side by side to show three ways
//! to wait for the network. So whatever they would do alike stands here: which flags
//! there are, the command line, the site, saving, showing, counting, and the end by
//! Ctrl-C. An example brings one function, `download_many`, and hands it to [`main`].
//!
//! The small programs that show one thing each share a smaller frame ([`experiment`]),
//! the spinners their line on the screen ([`spinner`]), and all programs how they end
//! ([`program`]).

#[cfg(any(feature = "hyper", feature = "reqwest", feature = "ureq"))]
pub mod clients;
#[cfg(feature = "download")]
pub mod countries;
#[cfg(feature = "download")]
// Only a client calls some of it.
#[cfg_attr(
    not(any(feature = "hyper", feature = "reqwest", feature = "ureq")),
    expect(dead_code)
)]
mod download;
#[cfg(feature = "download")]
pub mod experiment;
#[cfg(any(feature = "download", feature = "spinner"))]
pub mod program;
#[cfg(feature = "download")]
mod report;
#[cfg(feature = "spinner")]
pub mod spinner;
#[cfg(all(test, feature = "download"))]
mod testing;

#[cfg(feature = "download")]
pub use self::{
    download::{
        command_line::{Defaults, parse_timeout},
        error::FlagError,
        flag::{Flag, show},
        job::Job,
        main, main_with, main_with_steps,
        save::save_flag,
        site::{is_loopback, parse_url},
    },
    report::{
        output_file::{OutputFile, OutputFileError},
        steps::Steps,
        streams::plural,
        time_axis::{TimeAxis, in_words},
    },
};
/// The one name that comes from the site: a lesson speaks of it.
#[cfg(feature = "download")]
pub use flags_server::CountryCode;
