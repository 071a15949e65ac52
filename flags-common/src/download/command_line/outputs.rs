//! What a run writes besides the flags, and where.

use std::path::Path;

use super::Arguments;
use super::words::Drawing;
use crate::report::output_file::{OutputFileError, lead_to_one_file};
use crate::report::pictures::Pictures;

impl Arguments {
    /// Two options that would write to one place, of which only the last would be left.
    pub(super) fn outputs_to_one_file(&self) -> Option<(&'static str, &'static str)> {
        let outputs = [
            ("--waterfall", self.svg()),
            ("--har", self.har.as_deref()),
            ("--steps", self.steps.as_deref()),
            ("--dest", Some(self.dest.as_path())),
        ];
        let pairs = (1..outputs.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
        let mut pairs = pairs.map(|(from, to)| (outputs[from], outputs[to]));
        let same = pairs.find(|((_, one), (_, other))| {
            one.zip(*other).is_some_and(|(one, other)| lead_to_one_file(one, other))
        });
        same.map(|((one, _), (other, _))| (one, other))
    }

    /// Gets the pictures of the run ready, which makes sure that they can be written.
    pub(crate) fn pictures(&self) -> Result<Pictures, OutputFileError> {
        let svg = self.svg();
        let waterfall = self.waterfall.is_some() && svg.is_none();
        Pictures::prepare(waterfall, svg, self.har.as_deref(), self.steps.as_deref())
    }

    /// The file that the waterfall is drawn to.
    fn svg(&self) -> Option<&Path> {
        match &self.waterfall {
            Some(Drawing::Svg(path)) => Some(path),
            _ => None,
        }
    }
}
