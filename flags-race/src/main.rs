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
//! Other programs can take part, under the same conditions:
//!
//! ```text
//! $ cargo run --release -p flags-race -- --vs \
//!     'xargs curl -sZ --parallel-max 200 --remote-name-all --output-dir {dest} < {list}'
//! ```

mod binaries;
mod chart;
mod command_line;
mod contestant;
mod distance;
mod figures;
mod interrupt;
mod json;
mod process;
mod progress;
mod race;
mod result;
mod run;
mod site;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::command_line::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match race::hold(&arguments) {
        Ok(status) => status,
        Err(error) => {
            race::note(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}
