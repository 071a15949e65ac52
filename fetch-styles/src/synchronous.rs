//! The synchronous call: it returns when the answer is there, and not before.
//!
//! - **Asynchronous:** no. **Non-blocking:** no; the call holds its thread.
//! - **The error** belongs to the caller, who gets it as the result of the call.
//! - **To cancel** is impossible: the only thread that could do so is the one that
//!   waits. A timeout is all there is.
//! - **Two in a row** are two lines, and `?` ends them at the first error.
//! - **A hundred at once** take a hundred threads; in one they take a hundred times as
//!   long.
//!
//! Right wherever a thread has nothing else to do. One that has, such as a user interface
//! or an event loop, does none of it meanwhile.

use flags_common::clients::ureq::read_body;
use ureq::Agent;

use crate::{Answer, flag_url};

/// Fetches what is at `url`, and makes the calling thread wait for it.
///
/// # Errors
///
/// Why the bytes could not be had.
pub fn synchronous_fetch(agent: &Agent, url: &str) -> Answer {
    read_body(agent.get(url).call()?)
}

/// Fetches the metadata at `url`, and then the flag that it names.
///
/// # Errors
///
/// The first error of the two.
pub fn two_in_a_row(agent: &Agent, url: &str) -> Answer {
    let metadata = synchronous_fetch(agent, url)?;
    synchronous_fetch(agent, &flag_url(url, &metadata)?)
}
