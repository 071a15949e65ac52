//! The live page: what every client does to the sites, drawn as it happens.
//!
//! Each has a [`SiteRecord`] as its observer, which writes all of its requests into one
//! [`History`]. The page that is served at the root of every site reads the history as
//! server-sent events, which are plain HTTP and come back by themselves after a break. It
//! belongs to the program and not to the library, since an embedded site has one client,
//! and that has better pictures of its own. Beside the page is the course.

mod book;
mod events;
mod files;
mod history;
mod journal;
mod origin;
mod page;
mod qr_code;
mod record;
mod report;
mod runs;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub(crate) use history::{History, Site};
pub(crate) use page::page;
pub(crate) use record::SiteRecord;
