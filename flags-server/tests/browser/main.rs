//! The live page in a real browser: Chromium without a window, driven by chromedriver,
//! against the real program with clients like the downloaders.
//!
//! It needs both in the path, so none of it runs unless asked for:
//!
//! ```text
//! cargo test -p flags-server --test browser -- --ignored
//! ```
//!
//! One test at a time has a browser, whatever the number of test threads: a second
//! browser would take the time that a frame needs.

mod browser;
mod class;
mod compare;
mod connection;
mod controls;
mod first;
mod load;
mod made_up;
mod marks;
mod moment;
mod pictures;
mod pointing;
mod replay;
mod shapes;
mod site;
#[path = "../support/mod.rs"]
mod support;
mod text;
mod words;
mod work;
