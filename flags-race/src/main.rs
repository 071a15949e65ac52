//! Races the downloaders against each other, so that what the book says of their speed
//! can be seen on this machine (*Fluent Python*, 1st ed., sections 17.1 and 18.3).
//!
//! ```text
//! $ cargo run --release -p flags-race -- --quick
//! ...
//! 194 flags, delays of 16 ms on average (exponential), at most 65 ms
//!            median  fastest  slowest speed-up    limit in flight   memory threads
//! seq        3.12 s   3.12 s   3.12 s    1.00×    48.3×         1   4.7 MB       2
//! pool        92 ms    92 ms    92 ms    34.1×    1.42×       135  13.8 MB     158
//! async       90 ms    90 ms    90 ms    34.6×    1.40×       193  10.9 MB       4
//! ...
//! ```
//!
//! Every run is a process of its own, against a site of its own, into a new folder. The
//! site draws the same delays in all of them, and tells what it saw. So a run that lost
//! a flag is known as such, and is never taken for a fast one.
//!
//! One run of each can be drawn, with what waits and who works, also in motion:
//!
//! ```text
//! $ cargo run -p flags-race -- --picture three-ways.svg --replay in-motion.svg
//! ```
//!
//! Other programs can take part, under the same conditions:
//!
//! ```text
//! $ cargo run --release -p flags-race -- --vs \
//!     'xargs curl -sZ --parallel-max 200 --remote-name-all --output-dir {dest} < {list}'
//! ```
//!
//! [Its chapter](../../book/en/what-when.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

mod binaries;
mod command_line;
mod contestant;
mod distance;
mod figures;
mod folder;
mod interrupt;
mod measure;
mod process;
mod progress;
mod race;
mod report;
mod result;
mod rounds;
mod run;
mod running;
mod seen;
mod site;
mod task;
mod template;
mod terminal;
#[cfg(test)]
mod testing;

use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use flags_common::OutputFileError;
use flags_common::program;

use crate::binaries::{Binaries, BinariesError};
use crate::command_line::Arguments;
use crate::report::Files;

/// Why there is no race.
#[derive(Debug, thiserror::Error)]
enum RaceError {
    #[error(transparent)]
    Binaries(#[from] BinariesError),
    #[error(transparent)]
    OutputFile(#[from] OutputFileError),
    #[error(transparent)]
    NotListening(io::Error),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::guarded(|| run(&arguments).unwrap_or_else(program::fail))
}

/// Holds the race that the command line describes, and reports on it. The exit status is
/// 0 when all runs count and all is written, 1 when not, 130 after Ctrl-C, and likewise
/// 128 and the number of the signal after any other that ends the program.
fn run(arguments: &Arguments) -> Result<ExitCode, RaceError> {
    let refuse =
        |message| Arguments::command().error(ErrorKind::ArgumentConflict, message).exit();
    arguments.contradiction().map(refuse);
    interrupt::listen().map_err(RaceError::NotListening)?;
    let files = Files::prepare(arguments)?;
    if files.on_stdout() > 1 {
        refuse("standard output has a place for one file");
    }
    let binaries = match (Binaries::find(), interrupt::status()) {
        // Ctrl-C ends cargo as well, so it is not its fault.
        (Err(_), Some(status)) => return Ok(ExitCode::from(status)),
        (found, _) => found?,
    };
    let race = arguments.race();
    let runs = rounds::hold(&race, &binaries);
    let all_count = runs.iter().all(|run| run.outcome.is_ok());
    let all_is_written = files.report(&race, &runs);
    let has_failed = u8::from(!(all_count && all_is_written));
    Ok(ExitCode::from(interrupt::status().unwrap_or(has_failed)))
}
