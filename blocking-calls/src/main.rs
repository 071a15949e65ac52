//! Measures how long a program waits for memory, disk, network and a mutex, next to the
//! table of the book (*Fluent Python*, 1st ed., section 18.3).
//!
//! To see how far apart they are, imagine that a processor's cycle takes a second.
//!
//! ```text
//! $ cargo run --release -p blocking-calls
//! One cycle takes 0.279 ns here (3.58 GHz).
//!
//!                       cycles       felt  in one second    took   middle half
//! L1 cache  book             3        3 s    333,333,333
//!           here             5        5 s    716,000,000 1.40 ns  1.39–1.40 ns
//! L2 cache  book            14       14 s     71,428,571
//!           here            16       16 s    224,000,000 4.46 ns  4.45–5.61 ns
//! RAM       book           250      250 s      4,000,000
//!           here         3,370 56 minutes      1,060,000  942 ns  0.86–1.02 µs
//! disk      book    41,000,000  1.3 years             24
//!           here       204,000   2.4 days         17,500 57.0 µs  53.9–65.6 µs
//! network   book   240,000,000  7.6 years              4
//!           here   676,000,000 21.4 years              5  189 ms    109–289 ms
//!           (the site's own delay and no network's: --url asks another site)
//! mutex     book             –          –              –
//!           here    36,500,000  1.2 years             98 10.2 ms  10.2–10.2 ms
//!           (our own delay: another thread holds it and sleeps for 10 ms)
//! …
//! ```

mod ladder;
mod table;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use flags_common::program;
use flags_common::values::Value;
use ureq::http::Uri;

use crate::ladder::{Caches, chain, disk, mutex, network};
use crate::table::Table;

/// What `--url` takes.
const URL: &str = "a URL like https://www.rust-lang.org/";

/// Measures how long a program waits for memory, disk, network and a mutex
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
struct Arguments {
    /// A folder on the disk to be measured, which needs 64 MB for a moment
    #[arg(long, default_value = ".")]
    folder: PathBuf,

    /// Send the requests to this address instead of the embedded flag site
    #[arg(long, value_parser = Value::new(URL, parse_url))]
    url: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::guarded(|| program::exit_status(measure_ladder(&arguments)))
}

/// Measures rung after rung, and tells whether all of them could be measured.
fn measure_ladder(Arguments { folder, url }: &Arguments) -> io::Result<bool> {
    let caches = Caches::read();
    let mut table = Table::begin(program::stdout(), chain::cycle())?;
    table.rung("L1 cache", Some(3.0), || chain::level_1(caches))?;
    table.rung("L2 cache", Some(14.0), || chain::level_2(caches))?;
    table.rung("RAM", Some(250.0), || chain::memory(caches))?;
    table.rung("disk", Some(41_000_000.0), || disk::read(folder))?;
    table.rung("network", Some(240_000_000.0), || network::round_trip(url.as_deref()))?;
    // Not in the book's table, but in the list of what blocks that Tornado's guide has.
    table.rung("mutex", None, mutex::wait)?;
    table.end()
}

/// Reads any address. That of a site, which `flags_common::parse_url` reads, has no query
/// and no slash at its end; here both are kept, as they belong to what is asked for.
fn parse_url(text: &str) -> Result<String, &'static str> {
    let site = text.split('?').next().unwrap_or(text);
    flags_common::parse_url(site)?;
    text.parse::<Uri>().map_err(|_| "some of its characters are none of a URL")?;
    Ok(text.to_owned())
}
