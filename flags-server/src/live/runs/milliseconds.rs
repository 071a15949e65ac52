//! How times are told.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// A time as the page wants it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Milliseconds(pub(crate) Duration);

/// To the microsecond, which no screen can show and no network can keep.
impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(clippy::cast_precision_loss, reason = "exact for 285 years")]
        serializer.serialize_f64(self.0.as_micros() as f64 / 1000.0)
    }
}
