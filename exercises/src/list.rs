//! The list of all exercises, with what is done and what is next.

use std::io::{self, Write};

use exercises::catalogue::CHAPTERS;
use exercises::text::Text;
use flags_common::program;

use crate::progress::Progress;
use crate::words::Words;

pub(crate) fn list(progress: &Progress, words: Words) -> io::Result<()> {
    let mut out = program::stdout();
    let next = progress.next(None).map(|exercise| exercise.name);
    for chapter in CHAPTERS {
        writeln!(out, "{}", words.chapter(chapter.file)?)?;
        for exercise in chapter.exercises {
            let mark = if progress.is_done(exercise) {
                '✓'
            } else if next == Some(exercise.name) {
                '→'
            } else {
                ' '
            };
            let title = Text::read(exercise.name, words.0)?.title;
            writeln!(out, "  {mark} {:<12} {title}", exercise.name)?;
        }
    }
    words.progress(progress, None)
}
