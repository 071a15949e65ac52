//! What a race leaves behind: the result on standard output, and in the files that are
//! asked for.

mod bars;
mod chart;
mod draw;
mod json;
mod picture;
mod table;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

use flags_common::program::{self, note};
use flags_common::{OutputFile, OutputFileError};

use self::picture::Picture;
use crate::command_line::Arguments;
use crate::race::Race;
use crate::result::{Results, results};
use crate::run::Run;

/// The files that the result is written to.
#[derive(Debug)]
pub(crate) struct Files {
    json: Option<OutputFile>,
    chart: Option<OutputFile>,
    picture: Option<OutputFile>,
    replay: Option<OutputFile>,
}

impl Files {
    /// Makes sure that the files can be written, before there is anything to lose.
    pub(crate) fn prepare(arguments: &Arguments) -> Result<Self, OutputFileError> {
        let prepare =
            |path: &Option<PathBuf>| path.as_deref().map(OutputFile::prepare).transpose();
        Ok(Self {
            json: prepare(&arguments.json)?,
            chart: prepare(&arguments.chart)?,
            picture: prepare(&arguments.picture)?,
            replay: prepare(&arguments.replay)?,
        })
    }

    /// How many of the files are standard output, which has a place for one.
    pub(crate) fn on_stdout(&self) -> usize {
        let files = [&self.json, &self.chart, &self.picture, &self.replay];
        files.into_iter().flatten().filter(|file| file.is_stdout()).count()
    }

    /// Shows and writes what the runs say; after Ctrl-C they are fewer than the race has.
    /// Returns false where something could not be written, which is told.
    pub(crate) fn report(&self, race: &Race, runs: &[Run]) -> bool {
        let (done, all) = (runs.len(), race.runs());
        if done == 0 {
            // What stands in the files from another race says more.
            note("Interrupted before the first run had ended, so there is no result.");
            return true;
        }
        let results = results(race, runs);
        // The command line has made sure that there is one distance for it.
        let picture = || Picture::new(race, &results[0], runs);
        let outputs = [
            Some(self.show(&text(race, &results))),
            self.json.as_ref().map(|file| write(file, &json::text(race, &results, runs))),
            self.chart.as_ref().map(|file| {
                let chart = chart::svg(&results)?;
                write(file, &chart)
            }),
            self.picture.as_ref().map(|file| write(file, &picture().to_svg(false))),
            self.replay.as_ref().map(|file| write(file, &picture().to_svg(true))),
        ];
        let mut all_is_written = true;
        for error in outputs.into_iter().flatten().filter_map(Result::err) {
            note(format_args!("error: {error}"));
            all_is_written = false;
        }
        if done < all {
            note(format_args!(
                "Interrupted: all that is shown and written is of {done} of {all} runs."
            ));
        }
        all_is_written
    }

    /// Shows the result on standard output, or elsewhere when that is for a file.
    fn show(&self, text: &str) -> Result<(), Box<dyn Error>> {
        if self.on_stdout() > 0 {
            note(text.trim_end());
            Ok(())
        } else {
            Ok(print(text)?)
        }
    }
}

/// All that is to be said of the race.
fn text(race: &Race, results: &[Results]) -> String {
    let known = || results.iter().filter(|results| results.has_begun());
    let tables: String = known().map(table::text).collect();
    let bars: String = known().map(bars::text).collect();
    let head = table::head(race);
    format!("{head}{tables}\nTime from the start of a process to its end:\n{bars}")
}

fn write(file: &OutputFile, text: &str) -> Result<(), Box<dyn Error>> {
    Ok(file.write(text.as_bytes())?)
}

/// Writes to standard output. A reader that has seen enough, as in `flags-race | head`,
/// is no error.
fn print(text: &str) -> io::Result<()> {
    let mut stdout = program::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if program::reader_has_left(&error) => Ok(()),
        written => written,
    }
}
