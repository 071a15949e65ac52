//! The HTTP clients: their settings, their errors, and how an image is read with them. An
//! example builds only the one that it uses.

#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "ureq")]
pub mod ureq;
