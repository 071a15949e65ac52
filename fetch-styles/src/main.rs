//! Fetches one flag in six styles, then two in a row, then 100 at once, and shows what
//! becomes of the thread `main`, which makes the calls.
//!
//! ```text
//! $ cargo run -p fetch-styles
//! …
//!                                     asynchronous non-blocking    all threads,
//! One flag:          main             call returns main is held   done answer on
//! synchronous_fetch  ######====       no    302 ms no    302 ms 502 ms   1 main
//! asynchronous_fetch ====..           yes     0 ms yes     1 ms 302 ms   2 fetcher
//! …
//! ```

mod at_once;
mod handled;
mod meanwhile;
mod one_flag;
mod row;
mod site;
mod two_in_a_row;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use flags_common::values::{self, Value};
use flags_common::{parse_url, program};
use tokio::runtime::Builder;

use crate::row::LEGEND;
use crate::site::Site;

/// What `--url` takes.
const URL: &str = "a URL like http://localhost:8000/flags";

/// Fetches one flag in six styles, and shows who waits for whom
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80)]
struct Arguments {
    /// Show only this part
    part: Option<Part>,

    /// The folder that holds br/br.gif, on another site than the embedded one
    #[arg(long, value_parser = Value::new(URL, parse_url))]
    url: Option<String>,

    /// How long one fetch may take
    #[arg(long, value_name = "TIME", default_value = "6.1s")]
    #[arg(value_parser = values::timeout())]
    timeout: Duration,
}

/// A part of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    OneFlag,
    TwoInARow,
    AtOnce,
}

/// The exit status is 0 when nothing failed (that there is no such flag is an answer, not
/// a failure), 1 when something did, and 2 when the command line is wrong.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::guarded(|| program::exit_status(run(arguments)))
}

fn run(Arguments { part, url, timeout }: Arguments) -> io::Result<bool> {
    let site = Site::open(url, timeout)?;
    writeln!(program::stdout(), "{site}")?;
    if part != Some(Part::AtOnce) {
        writeln!(program::stdout(), "\n{LEGEND}")?;
    }
    // `main` is the thread of an event loop, as that of a user interface is, so that one
    // can see what a call that holds it keeps from happening.
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    event_loop.block_on(async {
        let is_shown = |this| part.is_none_or(|part| part == this);
        let mut succeeded = true;
        if is_shown(Part::OneFlag) {
            succeeded &= one_flag::show_all(&site).await?;
        }
        if is_shown(Part::TwoInARow) {
            succeeded &= two_in_a_row::show_all(&site).await?;
        }
        if is_shown(Part::AtOnce) {
            succeeded &= at_once::show_all(&site).await?;
        }
        Ok(succeeded)
    })
}
