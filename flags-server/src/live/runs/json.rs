//! How the runs are written down.

use serde::Serialize;

/// Adds what is told of the runs to a text.
pub(super) fn write_json(text: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(text, value).expect("it has only texts, numbers and lists");
}
