//! The site as its clients see it: over a socket, embedded and as a program of its own.
//! One test binary, so that it is linked only once.

mod embedded;
mod live;
mod stand_alone;
#[path = "../support/mod.rs"]
mod support;
mod watched;
