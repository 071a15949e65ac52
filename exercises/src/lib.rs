//! Exercises that are checked by what they do: the site sees how a program waits.
//!
//! ```text
//! $ cargo run -p exercises
//! $ cargo run -p exercises -- ways2
//! $ cargo run -p exercises -- watch
//! ```
//!
//! The first command lists them, the second checks one, and the third checks the next one
//! again whenever its file is saved. Each is one file in `exercises/given`, and the
//! runner puts a copy of it into `exercises/src/bin`, where the reader works on it.
//!
//! A check starts a site of its own and the reader's program as a process of its own, and
//! then looks at what the site has seen, at what the program has printed and saved, and
//! at its exit status. Whatever behaves as the task says has solved it.
//!
//! [The chapters](../flags_common/index.html#chapters) to which they belong.

pub mod catalogue;
mod checks;
pub mod exercise;
pub mod files;
pub mod observe;
pub mod program;
mod run;
pub mod sentence;
pub mod site;
pub mod slow_motion;
pub mod text;
