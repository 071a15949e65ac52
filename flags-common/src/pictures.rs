//! The pictures of a run that the command line asks for, drawn when it has ended.

use std::path::PathBuf;

use crate::har;
use crate::output_file::{OutputFileError, prepare_output_file, write_output_file};
use crate::program::program_name;
use crate::timeline::Timeline;
use crate::waterfall::Waterfall;
use crate::waterfall::terminal::Screen;

/// Which pictures to draw, and where.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// The waterfall goes to standard output.
    pub(crate) waterfall: bool,
    /// The waterfall goes to this SVG file.
    pub(crate) svg: Option<PathBuf>,
    /// The HTTP Archive goes to this file.
    pub(crate) har: Option<PathBuf>,
}

impl Pictures {
    /// Makes sure that the files can be written, before there is anything to lose.
    pub(crate) fn prepare(&self) -> Result<(), OutputFileError> {
        let mut files = self.svg.iter().chain(&self.har);
        files.try_for_each(|path| prepare_output_file(path))
    }

    /// The lines of the waterfall for standard output.
    pub(crate) fn lines(&self, waterfall: impl Fn() -> Waterfall) -> Vec<String> {
        if self.waterfall { waterfall().lines(Screen::stdout()) } else { Vec::new() }
    }

    /// Writes the files; returns what went wrong.
    pub(crate) fn write(
        &self,
        timeline: &Timeline,
        waterfall: impl Fn() -> Waterfall,
    ) -> Vec<OutputFileError> {
        let svg = |path| (path, waterfall().to_svg(&program_name()));
        let har = |path| (path, har::archive(timeline));
        let files = self.svg.iter().map(svg).chain(self.har.iter().map(har));
        files
            .filter_map(|(path, text)| write_output_file(path, text.as_bytes()).err())
            .collect()
    }
}
