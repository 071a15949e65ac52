//! The pictures of a run that the command line asks for, drawn when it has ended.

use std::io;
use std::path::{Path, PathBuf};

use crate::har;
use crate::program::program_name;
use crate::save;
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

/// Why a picture cannot be written to the file that the command line names.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the file {}: {cause}", path.display())]
pub(crate) struct PictureError {
    path: PathBuf,
    cause: io::Error,
}

impl PictureError {
    fn of(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self { path, cause }
    }
}

impl Pictures {
    /// Makes sure that the files can be written, before there is anything to lose.
    pub(crate) fn prepare(&self) -> Result<(), PictureError> {
        for path in self.svg.iter().chain(&self.har) {
            save::prepare_file(path).map_err(PictureError::of(path))?;
        }
        Ok(())
    }

    /// The lines of the waterfall for standard output.
    pub(crate) fn lines(&self, waterfall: &Waterfall) -> Vec<String> {
        if self.waterfall { waterfall.lines(Screen::stdout()) } else { Vec::new() }
    }

    /// Writes the files; returns what went wrong.
    pub(crate) fn write(
        &self,
        timeline: &Timeline,
        waterfall: &Waterfall,
    ) -> Vec<PictureError> {
        let svg = |path| (path, waterfall.to_svg(&program_name()));
        let har = |path| (path, har::archive(timeline));
        let files = self.svg.iter().map(svg).chain(self.har.iter().map(har));
        files
            .filter_map(|(path, text)| {
                save::write_whole(path, text.as_bytes())
                    .map_err(PictureError::of(path))
                    .err()
            })
            .collect()
    }
}
