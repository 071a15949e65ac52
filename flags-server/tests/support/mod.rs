//! The program `flags-server`, and a client that talks to it.

#![allow(dead_code, reason = "each of the two test programs needs only a part of this")]

pub(crate) mod client;
pub(crate) mod ctrl_c;
pub(crate) mod program;
