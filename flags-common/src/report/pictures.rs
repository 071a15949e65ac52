//! The pictures of a run that the command line asks for, drawn when it has ended.

use std::path::Path;

use crate::program;
use crate::report::har;
use crate::report::output_file::{OutputFile, OutputFileError};
use crate::report::steps::Steps;
use crate::report::timeline::Timeline;
use crate::report::waterfall::Waterfall;
use crate::report::waterfall::terminal::Screen;

/// Which pictures to draw, and where.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// The waterfall goes below the result.
    pub(crate) waterfall: bool,
    /// The waterfall goes to this SVG file.
    pub(crate) svg: Option<OutputFile>,
    /// The HTTP Archive goes to this file.
    pub(crate) har: Option<OutputFile>,
    /// What the example draws of its own steps goes to this file.
    pub(crate) steps: Option<OutputFile>,
}

impl Pictures {
    /// Makes sure that the files can be written, before there is anything to lose.
    pub(crate) fn prepare(
        waterfall: bool,
        svg: Option<&Path>,
        har: Option<&Path>,
        steps: Option<&Path>,
    ) -> Result<Self, OutputFileError> {
        let svg = svg.map(OutputFile::prepare).transpose()?;
        let har = har.map(OutputFile::prepare).transpose()?;
        let steps = steps.map(OutputFile::prepare).transpose()?;
        Ok(Self { waterfall, svg, har, steps })
    }

    /// Whether one of the files is standard output, which is then for that alone.
    pub(crate) fn take_stdout(&self) -> bool {
        self.svg.iter().chain(&self.har).chain(&self.steps).any(OutputFile::is_stdout)
    }

    /// The files, and how each is written, in words: `drawn in run.svg`.
    pub(crate) fn files(&self) -> impl Iterator<Item = String> {
        let files = [
            ("drawn in", &self.svg),
            ("archived in", &self.har),
            ("its steps drawn in", &self.steps),
        ];
        files.into_iter().filter_map(|(how, file)| {
            let path = file.as_ref()?.path()?;
            Some(format!("{how} {}", path.display()))
        })
    }

    /// The lines of the waterfall for the screen that all lines go to.
    pub(crate) fn lines(&self, waterfall: impl Fn() -> Waterfall) -> Vec<String> {
        let screen = if self.take_stdout() { Screen::stderr } else { Screen::stdout };
        if self.waterfall { waterfall().lines(screen()) } else { Vec::new() }
    }

    /// Writes the files; returns what went wrong.
    pub(crate) fn write(
        &self,
        timeline: &Timeline,
        steps: Option<&dyn Steps>,
        waterfall: impl Fn() -> Waterfall,
    ) -> Vec<OutputFileError> {
        let svg = |file| (file, waterfall().to_svg(&program::name()));
        let har = |file| (file, har::archive(timeline));
        let steps =
            self.steps.iter().zip(steps).map(|(file, steps)| (file, steps.to_svg()));
        let files = self.svg.iter().map(svg).chain(self.har.iter().map(har)).chain(steps);
        files
            .filter_map(|(file, text): (&OutputFile, _)| {
                file.write(text.as_bytes()).err()
            })
            .collect()
    }
}
