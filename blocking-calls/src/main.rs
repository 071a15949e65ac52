//! Measures how long a program waits for memory, disk and network, next to the table of
//! the book (*Fluent Python*, 1st ed., section 18.3).
//!
//! To see how far apart they are, imagine that a processor's cycle takes a second.
//!
//! ```text
//! $ cargo run --release -p blocking-calls
//! One cycle takes 0.274 ns here (3.65 GHz).
//!
//!             the book       felt      here ...        cycles        felt
//! L1 cache           3        3 s   1.43 ns ...             5         5 s
//! L2 cache          14       14 s   4.08 ns ...            15        15 s
//! RAM              250      250 s    249 ns ...           909       909 s
//! disk      41,000,000  1.3 years   46.7 µs ...       171,000  47.5 hours
//! network  240,000,000  7.6 years    190 ms ...   693,000,000  22.0 years
//! ```
//!
//! The numbers left out here are the middle half of all measurements.

mod ladder;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use blocking_calls::figures::{self, Spread, count, felt, rounded};
use clap::Parser;
use flags_common::program;
use ureq::http::Uri;

use crate::ladder::{Caches, NotMeasured, chain, disk, network};

/// Measures how long a program waits for memory, disk and network
#[derive(Debug, Parser)]
#[command(version, max_term_width = 90)]
struct Arguments {
    /// A folder on the disk to be measured, which needs 64 MB for a moment
    #[arg(long, default_value = ".")]
    folder: PathBuf,

    /// Send the requests to this address instead of the embedded flag site
    #[arg(long, value_parser = parse_url)]
    url: Option<String>,
}

fn main() -> ExitCode {
    program::exit_status(measure_ladder(&Arguments::parse()))
}

/// Measures rung after rung, and tells whether all of them could be measured.
fn measure_ladder(arguments: &Arguments) -> io::Result<bool> {
    let mut out = program::stdout();
    let cycle = chain::cycle();
    let caches = Caches::read();
    let mut notes = Vec::new();
    writeln!(out, "One cycle takes {cycle:.3} ns here ({:.2} GHz).\n", 1.0 / cycle)?;
    writeln!(
        out,
        "{:8} {:>11} {:>10}  {:>8} {:>20} {:>13} {:>11}",
        "", "the book", "felt", "here", "middle half", "cycles", "felt"
    )?;

    let mut all_measured = true;
    let mut show = |name, book_cycles, result: Result<Spread, NotMeasured>| {
        write!(out, "{name:8} {:>11} {:>10}  ", count(book_cycles), felt(book_cycles))?;
        match result {
            Ok(Spread { low, median, high }) => {
                let cycles = rounded(median / cycle);
                let half = format!("{} to {}", figures::time(low), figures::time(high));
                writeln!(
                    out,
                    "{:>8} {half:>20} {:>13} {:>11}",
                    figures::time(median),
                    count(cycles),
                    felt(cycles),
                )
            }
            Err(reason) => {
                all_measured = false;
                notes.push(format!("error: {name}: {reason}"));
                writeln!(out, "cannot be measured here")
            }
        }
    };
    show("L1 cache", 3.0, chain::level_1(caches))?;
    show("L2 cache", 14.0, chain::level_2(caches))?;
    show("RAM", 250.0, chain::memory(caches))?;
    let disk = disk::read(&arguments.folder);
    let wish = disk.as_ref().is_ok_and(|reads| !reads.promised);
    show("disk", 41_000_000.0, disk.map(|reads| reads.spread))?;
    show("network", 240_000_000.0, network::round_trip(arguments.url.as_deref()))?;

    if wish {
        notes.push(
            "note: disk: the system was asked to read past its memory, and does not \
             promise that it did"
                .to_owned(),
        );
    }
    notes.iter().for_each(program::note);
    Ok(all_measured)
}

fn parse_url(text: &str) -> Result<String, &'static str> {
    match text.parse::<Uri>() {
        Ok(url)
            if matches!(url.scheme_str(), Some("http" | "https"))
                && url.host().is_some_and(|host| !host.is_empty()) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("URLs such as https://www.rust-lang.org/ are allowed"),
    }
}
