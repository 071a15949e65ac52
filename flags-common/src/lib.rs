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
//!
//! # Chapters
//!
//! The crates that share it, and where the course explains them:
//!
//! | crate | what it shows | chapters |
//! | --- | --- | --- |
//! | [`flags-seq`](../flags_seq/index.html) | one after another | [2] |
//! | [`flags-threadpool`](../flags_threadpool/index.html) | a pool | [3], [4], [5] |
//! | [`flags-async`](../flags_async/index.html) | an event loop | [8], [10], [13], [14] |
//! | [`event-loop`](../event_loop/index.html) | the loop made by hand | [9] |
//! | [`spinner-thread`](../spinner_thread/index.html) | a spinner in a thread | [7] |
//! | [`spinner-async`](../spinner_async/index.html) | a spinner in a task | [7] |
//! | [`blocking-calls`](../blocking_calls/index.html) | what blocking costs | [6], [11] |
//! | [`fetch-styles`](../fetch_styles/index.html) | one fetch in six styles | [12] |
//! | [`flags-race`](../flags_race/index.html) | the downloaders raced | [16] |
//! | [`flags-server`](../flags_server/index.html) | the site they ask | [15] |
//! | [`exercises`](../exercises/index.html) | what you write | [from 1 on][0] |
//!
//! [0]: ../../book/en/before-you-start.html
//! [2]: ../../book/en/one-after-another.html
//! [3]: ../../book/en/threads-and-ownership.html
//! [4]: ../../book/en/the-pool.html
//! [5]: ../../book/en/where-are-the-futures.html
//! [6]: ../../book/en/without-a-gil.html
//! [7]: ../../book/en/two-spinners.html
//! [8]: ../../book/en/lazy-futures.html
//! [9]: ../../book/en/six-steps.html
//! [10]: ../../book/en/with-the-loop.html
//! [11]: ../../book/en/around-what-blocks.html
//! [12]: ../../book/en/from-callbacks.html
//! [13]: ../../book/en/cancelling.html
//! [14]: ../../book/en/errors.html
//! [15]: ../../book/en/politeness.html
//! [16]: ../../book/en/what-when.html

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
pub mod values;

#[cfg(feature = "download")]
pub use self::{
    download::{
        command_line::Defaults,
        error::FlagError,
        flag::{Flag, show},
        job::Job,
        main, main_with, main_with_steps,
        save::save_flag,
        url::{is_loopback, parse_url, without_user},
    },
    report::{
        output_file::{OutputFile, OutputFileError, lead_to_one_file},
        sheet,
        steps::Steps,
        streams::plural,
        time_axis::{TimeAxis, in_words},
    },
};
/// The one name that comes from the site: a lesson speaks of it.
#[cfg(feature = "download")]
pub use flags_server::CountryCode;
