//! The flag site that the downloaders of this workspace download from.
//!
//! It serves the flags of 249 countries, and it is slow or faulty on purpose: how long
//! an answer takes and whether it is an error is dealt to the requests like cards. Every
//! run gets the same cards, so that runs can be compared, but each time others get them,
//! unless a seed is given. Nothing is read from disk: the images are part of the
//! program, so it works without installation and no path can lead out of the site.
//!
//! There are two ways to use it:
//!
//! - [`FlagServer`] runs the site on a thread of the calling program, for as long as
//!   the handle lives. The downloaders do so unless they are told another site. A
//!   [`WatchedServer`] tells afterwards what it was asked, and what became of it.
//! - The binary `flags-server` runs it as a program of its own, for a whole class.
//!
//! Both serve the same [`app`] by the same [`bind`] and [`serve`], and an [`Observer`]
//! hears of every request as it comes and as it ends.
//!
//! [Its chapter](../../book/en/politeness.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

mod activity;
mod admission;
mod connections;
pub mod countries;
mod country_code;
mod deck;
mod draw;
mod flag_file;
mod half_close;
mod invisible;
mod limits;
mod log;
mod observer;
mod profile;
mod server;
mod site;
#[cfg(test)]
mod testing;
mod watched;

pub use connections::Connection;
pub use country_code::CountryCode;
pub use deck::{Card, Deck};
pub use flag_file::FlagFile;
pub use invisible::is_invisible;
pub use limits::raise_open_file_limit;
pub use log::RequestLog;
pub use observer::{Arrival, ObservedSite, Observer, Outcome};
pub use profile::{Behaviour, Latency, ParseError, Profile, parse_duration};
pub use server::{FlagServer, bind, serve};
pub use site::app;
pub use watched::{Asked, End, SeenRequest, WatchedServer};
