//! Shows what a call that blocks does to everything else on an event loop.
//!
//! A task on the loop beats every 10 ms; it stands for all else that a server has to do.
//! A slow call made on the loop itself stops it; in `spawn_blocking` the same call runs
//! on another thread, and the loop only waits for the answer. There are two such calls:
//! one that computes, and one that waits for the disk as in *Fluent Python*, 1st ed.,
//! section 18.4.3.
//!
//! ```text
//! $ cargo run --release -p blocking-calls --bin blocked-loop
//! A heart beats every 10 ms beside each call: | with a beat, . without.
//!
//! bcrypt with cost 12: the largest gap, and a mark for each 20 ms
//! on the loop (wrong)   369 ms  ||||||.................||||||
//! in spawn_blocking    10.7 ms  |||||||||||||||||||||||||||
//!
//! saving a file of 32 MB: the largest gap, and a mark for each 20 ms
//! on the loop (wrong)   356 ms  ||||||.................|||||
//! in spawn_blocking    14.2 ms  ||||||||||||||||||||||||||||||||||
//! ```

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use blocking_calls::check_threads;
use blocking_calls::figures::time;
use clap::Parser;
use flags_common::program;
use flags_common::values::number;
use tokio::runtime;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often the heart beats.
const BEAT: Duration = Duration::from_millis(10);

/// How long the heart beats before a call, and after it.
const REST: Duration = Duration::from_millis(100);

/// How many marks follow the first one of a row at most: with them a row has 80 columns.
const MARKS: u32 = 49;

/// How long the saving of the file takes at least, or else the file is made larger.
const SLOW: Duration = Duration::from_millis(300);

/// The sizes of the file that are tried, in MB. The last one is slow on any disk.
const SIZES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// How much of the file is written at once, in bytes.
const PIECE: usize = 64 << 10;

/// Shows what a call that blocks does to everything else on an event loop
#[derive(Debug, Parser)]
#[command(name = "blocked-loop", version, max_term_width = 80)]
struct Arguments {
    /// How hard bcrypt works: one more takes twice as long
    #[arg(long, default_value = "12", value_parser = number(4_u32, 16, 12))]
    cost: u32,

    /// Where the file is saved, which is gone at the end
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

/// The wrong way: while `call` runs, nothing else on this thread does.
#[expect(clippy::unused_async, reason = "that it never waits is what is wrong with it")]
async fn on_the_loop(call: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    call()
}

/// The right way: `call` has a thread of its own, and this task only waits for it.
async fn in_spawn_blocking<F>(call: F) -> io::Result<()>
where
    F: FnOnce() -> io::Result<()> + Send + 'static,
{
    spawn_blocking(call).await.expect("the calls below do not panic")
}

/// Beats until nobody listens any more. A beat that is missed is not made up for, so that
/// it leaves a gap.
async fn beat(beats: UnboundedSender<Instant>) {
    let mut clock = interval(BEAT);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        clock.tick().await;
        if beats.send(Instant::now()).is_err() {
            break;
        }
    }
}

/// When the heart has beaten beside a call, and a little before and after it.
fn beats_beside(call: impl Future<Output = io::Result<()>>) -> io::Result<Vec<Instant>> {
    // What is in `block_on` and the task of the heart take turns on this one thread.
    let event_loop = runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|cause| {
            let text = format!("the event loop cannot be made: {cause}");
            io::Error::new(cause.kind(), text)
        })?;
    event_loop.block_on(async {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let heart = tokio::spawn(beat(sender));
        sleep(REST).await;
        call.await?;
        sleep(REST).await;
        heart.abort();
        let mut beats = Vec::new();
        while let Some(beat) = receiver.recv().await {
            beats.push(beat);
        }
        Ok(beats)
    })
}

/// Makes a call on the loop and then off it, and returns what became of the heartbeat.
fn make_both_ways<F>(title: &str, call: F) -> io::Result<String>
where
    F: Fn() -> io::Result<()> + Clone + Send + 'static,
{
    let blocked = beats_beside(on_the_loop(call.clone()))?;
    let free = beats_beside(in_spawn_blocking(call))?;
    let mark = mark_for(duration(&blocked).max(duration(&free)));
    let (gap, other_gap) = (largest_gap(&blocked), largest_gap(&free));
    let (row, other_row) = (marks(&blocked, mark), marks(&free, mark));
    Ok(format!(
        "\n{title}: the largest gap, and a mark for each {} ms\n\
         on the loop (wrong)  {gap:>7}  {row}\n\
         in spawn_blocking    {other_gap:>7}  {other_row}\n",
        mark.as_millis()
    ))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::guarded(|| program::exit_status(compare(arguments)))
}

/// Makes each call both ways, and tells whether all of them could be made.
fn compare(Arguments { cost, folder }: Arguments) -> io::Result<bool> {
    let mut out = program::stdout();
    writeln!(
        out,
        "A heart beats every 10 ms beside each call: | with a beat, . without."
    )?;
    let mut all_made = true;
    let mut show = |rows: io::Result<String>| match rows {
        Ok(rows) => write!(out, "{rows}"),
        Err(error) => {
            all_made = false;
            program::note(format_args!("error: {error}"));
            Ok(())
        }
    };
    // Without a thread `spawn_blocking` would panic.
    if let Err(error) = check_threads() {
        program::note(format_args!("error: {error}"));
        return Ok(false);
    }
    let hash = move || hash_password(cost);
    show(make_both_ways(&format!("bcrypt with cost {cost}"), hash))?;
    show(slow_size(&folder).and_then(|megabytes| {
        let title = format!("saving a file of {megabytes} MB");
        make_both_ways(&title, move || save(&folder, megabytes))
    }))?;
    Ok(all_made)
}

fn hash_password(cost: u32) -> io::Result<()> {
    bcrypt::hash("correct horse battery staple", cost).map_err(io::Error::other)?;
    Ok(())
}

/// Saves a file in pieces, each on the disk before the next one is written, as a program
/// does that must not lose any. The file has no name, so that nothing is left of it in
/// whatever way this program ends.
fn save(folder: &Path, megabytes: usize) -> io::Result<()> {
    let write = || {
        let mut file = tempfile::tempfile_in(folder)?;
        let piece = vec![b'.'; PIECE];
        for _ in 0..(megabytes << 20) / PIECE {
            file.write_all(&piece)?;
            file.sync_data()?;
        }
        Ok(())
    };
    write().map_err(|cause: io::Error| {
        let folder = folder.display();
        let text = format!("cannot save in {folder}: {cause}; --folder names another");
        io::Error::new(cause.kind(), text)
    })
}

/// How large a file has to be, in MB, for its saving to be slow on this disk.
fn slow_size(folder: &Path) -> io::Result<usize> {
    let [sizes @ .., largest] = SIZES;
    for megabytes in sizes {
        let is_slow = || {
            let start = Instant::now();
            save(folder, megabytes)?;
            Ok::<bool, io::Error>(start.elapsed() >= SLOW)
        };
        // The first file of a size can be slow only because the system has to find memory
        // for it, so the second one decides.
        if is_slow()? && is_slow()? {
            return Ok(megabytes);
        }
    }
    Ok(largest)
}

fn duration(beats: &[Instant]) -> Duration {
    match beats {
        [first, .., last] => *last - *first,
        _ => Duration::ZERO,
    }
}

fn largest_gap(beats: &[Instant]) -> String {
    let gap = beats.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
    time(gap.as_secs_f64() * 1e9)
}

/// How much time a mark has to stand for, so that a row has room for `longest`.
fn mark_for(longest: Duration) -> Duration {
    let mut mark = BEAT;
    while mark * MARKS < longest {
        mark += BEAT;
    }
    mark
}

/// A mark for the first beat, and one for each `mark` of time that follows: `|` when the
/// heart has beaten in it, and `.` when not.
fn marks(beats: &[Instant], mark: Duration) -> String {
    let [first, later @ ..] = beats else {
        return String::new();
    };
    let mut row = "|".to_owned();
    // Beats are due in the middle of a mark, so that one a little late is not missed.
    let mut end = *first + BEAT / 2;
    let mut later = later.iter().peekable();
    while later.peek().is_some() {
        end += mark;
        let mut beaten = false;
        while later.next_if(|beat| **beat < end).is_some() {
            beaten = true;
        }
        row.push(if beaten { '|' } else { '.' });
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_room_for_a_call_of_any_length() {
        let start = Instant::now();
        for milliseconds in 1..2_000 {
            let longest = Duration::from_millis(milliseconds);
            let row = marks(&[start, start + longest], mark_for(longest));
            // The first 30 columns of a row are its name and the largest gap.
            assert!(row.len() <= 50, "{} marks for {longest:?}", row.len());
        }
    }

    #[test]
    fn a_gap_in_the_beats_is_a_row_of_points() {
        let start = Instant::now();
        let beats = [0, 10, 20, 61, 70].map(|time| start + Duration::from_millis(time));
        assert_eq!(marks(&beats, BEAT), "|||...||");
    }
}
