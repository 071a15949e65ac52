//! Lets many threads wait at once, then as many tasks, and shows what each kind costs.
//!
//! Threads cost megabytes each, says the book, and coroutines next to nothing (*Fluent
//! Python*, 1st ed., section 18.3). The megabytes are addresses that are reserved for its
//! stack, and memory comes behind them only where the thread has used it, so both are
//! shown. What the system keeps for a thread in memory of its own is not among them: on
//! Linux that is a stack of 16 KB, and page tables. A task takes as much as it holds
//! while it waits, and these hold next to nothing.
//!
//! ```text
//! $ cargo run --release -p blocking-calls --bin threads-vs-tasks
//!                             resident  of each reserved  of each   start    stop
//! 1,000 threads, 2 MB stacks   9.46 MB  9.69 KB  1.97 GB  2.02 MB 59.2 ms 63.8 ms
//! 1,000 threads, 8 MB stacks   9.46 MB  9.68 KB  7.83 GB  8.02 MB 68.9 ms  100 ms
//! 1,000 tasks                   636 KB    651 B   528 KB    541 B  572 µs  412 µs
//! 10,000 tasks                 5.75 MB    603 B  5.67 MB    595 B 7.10 ms 7.52 ms
//! 100,000 tasks                56.7 MB    595 B  56.6 MB    593 B  143 ms  226 ms
//! …
//! ```

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, iter};

use blocking_calls::figures::{count, memory, time};
use blocking_calls::memory::Memory;
use clap::{Parser, Subcommand};
use flags_common::program;
use flags_common::values::number;
use tokio::runtime;

/// Lets many threads wait at once, then as many tasks, and shows what each kind costs
#[derive(Debug, Parser)]
#[command(name = "threads-vs-tasks", version, max_term_width = 80)]
#[command(disable_help_subcommand = true)]
struct Arguments {
    /// How many threads, and how many tasks
    #[arg(default_value = "1000", value_parser = number(1_u32, 10_000, 1000))]
    number: u32,

    #[command(subcommand)]
    crowd: Option<Crowd>,
}

/// What waits. Each crowd is measured in a process of its own, which this program starts
/// by calling itself, because memory that has been used once stays with a process.
#[derive(Debug, Clone, Copy, Subcommand)]
enum Crowd {
    #[command(hide = true)]
    Threads { number: u32, megabytes: usize },
    #[command(hide = true)]
    Tasks { number: u32 },
}

/// Threads that wait until they are told to stop.
fn wait_in_threads(number: u32, megabytes: usize) -> io::Result<String> {
    let before = Memory::now()?;
    let started = Instant::now();
    // Everybody meets here twice: when all have started, and when all may stop.
    let meeting = Arc::new(Barrier::new(number as usize + 1));
    let spawn = |n: u32| {
        let meeting = Arc::clone(&meeting);
        let wait_twice = move || {
            meeting.wait();
            meeting.wait();
        };
        thread::Builder::new().stack_size(megabytes << 20).spawn(wait_twice).map_err(
            |cause| {
                io::Error::other(format!("thread {} cannot be started: {cause}", n + 1))
            },
        )
    };
    let threads: Vec<JoinHandle<()>> =
        (0..number).map(spawn).collect::<Result<_, _>>()?;
    meeting.wait();
    let start = started.elapsed();

    let during = Memory::now()?;
    let told = Instant::now();
    meeting.wait();
    for thread in threads {
        thread.join().expect("a thread that only waits does not panic");
    }
    Ok(columns(number, before, during, start, told.elapsed()))
}

/// Tasks that wait until they are told to stop, on the one thread of an event loop.
fn wait_in_tasks(number: u32) -> io::Result<String> {
    let before = Memory::now()?;
    let started = Instant::now();
    let event_loop = runtime::Builder::new_current_thread().build()?;
    event_loop.block_on(async {
        let meeting = Arc::new(tokio::sync::Barrier::new(number as usize + 1));
        let spawn = |_| {
            let meeting = Arc::clone(&meeting);
            tokio::spawn(async move {
                meeting.wait().await;
                meeting.wait().await;
            })
        };
        let tasks: Vec<_> = (0..number).map(spawn).collect();
        meeting.wait().await;
        let start = started.elapsed();

        let during = Memory::now()?;
        let told = Instant::now();
        meeting.wait().await;
        for task in tasks {
            task.await.expect("a task that only waits does not panic");
        }
        Ok(columns(number, before, during, start, told.elapsed()))
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let measured = match arguments.crowd {
        None => {
            let compare = || program::exit_status(compare(arguments.number));
            return program::guarded(compare);
        }
        Some(Crowd::Threads { number, megabytes }) => wait_in_threads(number, megabytes),
        Some(Crowd::Tasks { number }) => wait_in_tasks(number),
    };
    // An error as well: on standard error there may be what the threads say that end for
    // want of memory, as soon as they have been started.
    let (text, is_measured) = match measured {
        Ok(columns) => (columns, true),
        Err(error) => (error.to_string(), false),
    };
    program::exit_status(write!(program::stdout(), "{text}").map(|()| is_measured))
}

/// Shows what each crowd costs, and tells whether all of them could be measured.
fn compare(number: u32) -> io::Result<bool> {
    let mut out = program::stdout();
    let columns = ["resident", "of each", "reserved", "of each", "start", "stop"];
    let [resident, each, reserved, each_reserved, start, stop] = columns;
    writeln!(
        out,
        "{:27}{resident:>9}{each:>9}{reserved:>9}{each_reserved:>9}{start:>8}{stop:>8}",
        ""
    )?;
    let threads = [2, 8].map(|megabytes| Crowd::Threads { number, megabytes });
    let more_tasks = [10_000, 100_000].into_iter().filter(|&more| more > number);
    let tasks =
        iter::once(number).chain(more_tasks).map(|number| Crowd::Tasks { number });
    let mut errors = Vec::new();
    for crowd in threads.into_iter().chain(tasks) {
        write!(out, "{:27}", crowd.to_string())?;
        match crowd.measure() {
            Ok(columns) => writeln!(out, "{columns}")?,
            Err(reason) => {
                writeln!(out, "  cannot be measured here")?;
                errors.push(format!("error: {crowd}: {reason}"));
            }
        }
    }
    writeln!(
        out,
        "\n\
         resident: memory that is in use\n\
         reserved: addresses, of which most have no memory behind them yet\n\
         start, stop: until all of them wait, and until the last one has ended\n\
         A thread of Rust has a stack of 2 MB unless it is told another size, one of C\n\
         or Python on Linux has 8 MB."
    )?;
    errors.iter().for_each(program::note);
    Ok(errors.is_empty())
}

/// What a crowd costs, as columns of the table.
fn columns(
    number: u32,
    before: Memory,
    during: Memory,
    start: Duration,
    stop: Duration,
) -> String {
    let cost = |before: Option<f64>, during: Option<f64>| {
        let each = |all: f64| memory(all / f64::from(number));
        match during.zip(before).map(|(during, before)| during - before) {
            Some(all) => format!("{:>9}{:>9}", memory(all), each(all)),
            None => format!("{:>9}{:>9}", "unknown", "unknown"),
        }
    };
    let resident = cost(Some(before.resident), Some(during.resident));
    let reserved = cost(before.reserved, during.reserved);
    let [start, stop] = [start, stop].map(|duration| time(duration.as_secs_f64() * 1e9));
    format!("{resident}{reserved}{start:>8}{stop:>8}")
}

impl Crowd {
    /// Runs this program once more, and returns the columns that it writes.
    fn measure(self) -> Result<String, String> {
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let mut program = Command::new(program);
        match self {
            Self::Threads { number, megabytes } => {
                program.args(["threads", &number.to_string(), &megabytes.to_string()])
            }
            Self::Tasks { number } => program.args(["tasks", &number.to_string()]),
        };
        // On Linux the memory allocator reserves 64 MB for each of the first few threads,
        // whose number does not depend on ours.
        program.env("MALLOC_ARENA_MAX", "1");
        let output = program.output().map_err(|error| {
            format!("no process can be started: {}", program::in_words(&error))
        })?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.code() {
            Some(0) => Ok(text),
            Some(1) => Err(text),
            _ => Err(format!("its process ended early: {}", output.status)),
        }
    }
}

impl Display for Crowd {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Threads { number, megabytes } => {
                let threads = if number == 1 { "thread" } else { "threads" };
                write!(
                    formatter,
                    "{} {threads}, {megabytes} MB stacks",
                    count(number.into())
                )
            }
            Self::Tasks { number } => {
                let tasks = if number == 1 { "task" } else { "tasks" };
                write!(formatter, "{} {tasks}", count(number.into()))
            }
        }
    }
}
