//! Computes in a pool of threads and on an event loop, to see which of them is parallel.
//!
//! Python's threads take turns at computing, because of its global interpreter lock (the
//! GIL). Rust has no such lock: each thread computes on a core of its own, for as long as
//! there are cores. An event loop is one thread here as there: what its futures gain is
//! gained by waiting at the same time, and these do not wait.
//!
//! ```text
//! $ cargo run -p blocking-calls --bin cpu-bound
//! 8 times bcrypt with cost 11. Cores, as the system counts them: 2
//!
//!                    threads     took  speed-up
//! in sequence              1   998 ms      1.00  ███████████████
//! in a pool of 2           2   536 ms      1.86  ███████████████████████████▉
//! on the loop              1   1.01 s      0.99  ██████████████▉
//! in spawn_blocking        8   509 ms      1.96  █████████████████████████████▍
//!
//! One thread, and then more, up to one for each core:
//! in a pool of 1           1   998 ms      1.00  ███████████████
//! in a pool of 2           2   510 ms      1.96  █████████████████████████████▍
//! …
//! The threads of the pool were parallel: 1.86 times as fast.
//! The futures on the loop took turns: its one thread gained nothing.
//! ```

use std::collections::HashSet;
use std::io::{self, Write};
use std::iter;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread::{self, ThreadId};
use std::time::Instant;

use blocking_calls::check_threads;
use blocking_calls::figures::time;
use clap::Parser;
use flags_common::program;
use flags_common::values::number;
use futures::future::join_all;
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;

/// How long the bar is of what is as many times as fast as there are threads in the pool.
const WIDTH: f64 = 30.0;

/// The longest bar for which a row of 80 columns has room.
const ROOM: f64 = 33.0;

/// What is this part of a speed-up, or more, counts as that speed-up.
const NEAR: f64 = 0.8;

/// Computes in a pool of threads and on an event loop, to see which of them is parallel
#[derive(Debug, Parser)]
#[command(name = "cpu-bound", version, max_term_width = 80)]
struct Arguments {
    /// How many hashes are computed in each way
    #[arg(default_value = "8", value_parser = number(2_u16, 1000, 8))]
    number: u16,

    /// How hard bcrypt works: one more takes twice as long
    #[arg(long, default_value = "11", value_parser = number(4_u32, 16, 11))]
    cost: u32,
}

/// A hash, and the thread that has computed it.
type Hashed = ([u8; 24], ThreadId);

/// Computes a hash, and waits for nothing meanwhile. The salts are the same in every run,
/// so that each way has to come to the same hashes; those of a password are drawn by
/// chance, which `bcrypt::hash` does.
fn hash(salt: u16, cost: u32) -> Hashed {
    let salt = u128::from(salt).to_be_bytes();
    let hash = bcrypt::bcrypt(cost, salt, b"correct horse battery staple");
    (hash, thread::current().id())
}

fn in_sequence(number: u16, hash: impl Fn(u16) -> Hashed) -> Vec<Hashed> {
    (0..number).map(hash).collect()
}

/// Each thread takes the next salt from a queue as soon as it has computed a hash.
fn in_a_pool(
    threads: u16,
    number: u16,
    hash: impl Fn(u16) -> Hashed + Sync,
) -> io::Result<Vec<Hashed>> {
    let queue = Mutex::new(0..number);
    // The lock is given back before the hash is computed. A thread that held it meanwhile
    // would keep all others from computing, which is what the GIL does.
    let take = || queue.lock().expect("nothing panics under this lock").next();
    let work = || iter::from_fn(take).map(&hash).collect::<Vec<_>>();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for n in 1..=threads {
            let worker = thread::Builder::new().spawn_scoped(scope, work);
            workers.push(worker.map_err(|cause| {
                io::Error::other(format!("thread {n} cannot be started: {cause}"))
            })?);
        }
        let mut hashes = Vec::new();
        for worker in workers {
            hashes.extend(worker.join().expect("to compute a hash does not panic"));
        }
        Ok(hashes)
    })
}

/// All are joined, as downloads would be. But none of them comes to an `.await`, so the
/// loop gets the thread back only when a hash is done, and then begins with the next one.
fn on_the_loop(number: u16, hash: impl Fn(u16) -> Hashed) -> io::Result<Vec<Hashed>> {
    let hashes = (0..number).map(async |salt| hash(salt));
    Ok(event_loop()?.block_on(join_all(hashes)))
}

/// Here the loop has something to wait for. tokio has up to 512 threads for such calls,
/// and starts one for each of these: more of them than cores do not help.
fn in_spawn_blocking<F>(number: u16, hash: F) -> io::Result<Vec<Hashed>>
where
    F: Fn(u16) -> Hashed + Copy + Send + 'static,
{
    // Without a thread `spawn_blocking` would panic.
    check_threads()?;
    let calls = (0..number).map(|salt| spawn_blocking(move || hash(salt)));
    let results = event_loop()?.block_on(async { join_all(calls).await });
    let hashed = results.into_iter();
    Ok(hashed.map(|hashed| hashed.expect("to compute a hash does not panic")).collect())
}

fn event_loop() -> io::Result<Runtime> {
    Builder::new_current_thread().build().map_err(|cause| {
        let text = format!("the event loop cannot be made: {cause}");
        io::Error::new(cause.kind(), text)
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::guarded(|| program::exit_status(compare(arguments)))
}

/// Computes the same hashes in each way, and tells whether all ways could be measured.
fn compare(Arguments { number, cost }: Arguments) -> io::Result<bool> {
    let cores = u16::try_from(thread::available_parallelism()?.get()).unwrap_or(u16::MAX);
    // A thread more than there are hashes would have nothing to do.
    let most = cores.min(number);

    let mut out = program::stdout();
    writeln!(
        out,
        "{number} times bcrypt with cost {cost}. Cores, as the system counts them: \
         {cores}\n\n{:17}{:>9}{:>9}{:>10}",
        "", "threads", "took", "speed-up"
    )?;
    let hash = move |salt| hash(salt, cost);
    // A processor that has had nothing to do is not at its full speed at once.
    hash(0);
    let mut table = Table { out, most, sequence: None, errors: Vec::new() };
    table.row("in sequence", || Ok(in_sequence(number, hash)))?;
    let mut pool =
        table.row(&format!("in a pool of {most}"), || in_a_pool(most, number, hash))?;
    let event_loop = table.row("on the loop", || on_the_loop(number, hash))?;
    table.row("in spawn_blocking", || in_spawn_blocking(number, hash))?;
    writeln!(table.out, "\nOne thread, and then more, up to one for each core:")?;
    for threads in pools(most) {
        let name = format!("in a pool of {threads}");
        let speed_up = table.row(&name, || in_a_pool(threads, number, hash))?;
        // Another program may have had a core meanwhile, in one of the two rows.
        if threads == most && speed_up > pool {
            pool = speed_up;
        }
    }
    writeln!(
        table.out,
        "\n\
         threads: how many have computed hashes\n\
         speed-up: how many times as fast that was as in sequence"
    )?;
    if let Some((pool, event_loop)) = pool.zip(event_loop) {
        writeln!(table.out, "\n{}", conclusion(number, cores, pool, event_loop))?;
    }
    table.errors.iter().for_each(program::note);
    Ok(table.errors.is_empty())
}

/// How many threads the pools have: 1, 2, 4 and so on, and `most` at last.
fn pools(most: u16) -> impl Iterator<Item = u16> {
    let powers = iter::successors(Some(1_u16), |threads| threads.checked_mul(2));
    powers.take_while(move |threads| *threads < most).chain([most])
}

/// What the speed-ups of a run say, in words.
fn conclusion(number: u16, cores: u16, pool: f64, event_loop: f64) -> String {
    let threads = cores.min(number);
    // A pool takes as long as that one of its threads that computes most hashes.
    let best = f64::from(number) / f64::from(number.div_ceil(threads));
    let mut text = Vec::new();
    text.push(if threads == 1 {
        "One core keeps no more than one thread busy.".to_owned()
    } else if pool >= NEAR * best {
        format!("The threads of the pool were parallel: {pool:.2} times as fast.")
    } else {
        format!(
            "The pool was {pool:.2} times as fast, and not {best:.2}. What the system\n\
             counts as cores can be less: two hyper-threads share one, some cores are\n\
             slower than others, and some may have had other programs to run."
        )
    });
    text.push(if (NEAR..=1.0 / NEAR).contains(&event_loop) {
        "The futures on the loop took turns: its one thread gained nothing.".to_owned()
    } else {
        format!(
            "The loop was {event_loop:.2} times as fast with its one thread, and not\n\
             1.00: other programs may have been running. Try again."
        )
    });
    if best < f64::from(cores) {
        let even = number.next_multiple_of(cores);
        text.push(format!(
            "{number} hashes are not the same work for each of {cores} cores: at best\n\
             they are {best:.2} times as fast. {even} hashes would be."
        ));
    }
    text.join("\n")
}

/// The rows, each of which is compared with the first.
struct Table<W> {
    out: W,
    /// The speed-up whose bar is [`WIDTH`] long.
    most: u16,
    /// How many seconds the first row took, and what it has computed.
    sequence: Option<(f64, HashSet<[u8; 24]>)>,
    /// What is to be said on standard error below the table.
    errors: Vec<String>,
}

impl<W: Write> Table<W> {
    /// Adds a row, and returns its speed-up, if there is one.
    fn row(
        &mut self,
        name: &str,
        compute: impl FnOnce() -> io::Result<Vec<Hashed>>,
    ) -> io::Result<Option<f64>> {
        write!(self.out, "{name:17}")?;
        // Whoever watches can see which row is being measured.
        self.out.flush()?;
        let start = Instant::now();
        let result = compute();
        let seconds = start.elapsed().as_secs_f64();
        let (hashes, threads): (HashSet<_>, HashSet<ThreadId>) = match result {
            Ok(hashed) => hashed.into_iter().unzip(),
            Err(reason) => {
                self.errors.push(format!("error: {name}: {reason}"));
                writeln!(self.out, "  cannot be measured here")?;
                return Ok(None);
            }
        };
        let (of_sequence, expected) =
            self.sequence.get_or_insert_with(|| (seconds, hashes.clone()));
        assert_eq!(hashes, *expected, "all ways compute the same hashes");
        let speed_up = *of_sequence / seconds;
        let bar = bar(speed_up / f64::from(self.most));
        writeln!(
            self.out,
            "{:>9}{:>9}{speed_up:>10.2}  {bar}",
            threads.len(),
            time(seconds * 1e9)
        )?;
        Ok(Some(speed_up))
    }
}

/// A bar for a part of the full width, exact to an eighth of a character.
fn bar(part: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

    #[expect(clippy::cast_possible_truncation, reason = "a bar has room in a row")]
    #[expect(clippy::cast_sign_loss, reason = "no time is negative")]
    let eighths = ((part * WIDTH).min(ROOM) * 8.0).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Condvar;
    use std::time::Duration;

    use super::*;

    /// Instead of computing, waits for another call, but not without an end. The hash
    /// tells how many calls there have been when it goes on.
    fn meet() -> impl Fn(u16) -> Hashed + Copy + Send + Sync + 'static {
        let place: &'static (Mutex<u8>, Condvar) = Box::leak(Box::default());
        move |_| {
            let (calls, changed) = place;
            let mut calls = calls.lock().unwrap();
            *calls += 1;
            changed.notify_all();
            let patience = Duration::from_secs(60);
            let is_alone = |calls: &mut u8| *calls < 2;
            let (calls, _) =
                changed.wait_timeout_while(calls, patience, is_alone).unwrap();
            ([*calls; 24], thread::current().id())
        }
    }

    #[test]
    fn threads_compute_at_the_same_time() {
        for hashed in [in_a_pool(2, 2, meet()), in_spawn_blocking(2, meet())] {
            let hashed = hashed.unwrap();
            let [(met, one), (also_met, other)] = hashed[..] else {
                panic!("{hashed:?}")
            };
            assert_eq!([met, also_met], [[2; 24]; 2]);
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_pool_and_a_loop_compute_each_hash_once() {
        let hash =
            |salt: u16| ([u8::try_from(salt).unwrap(); 24], thread::current().id());
        let in_a_pool = in_a_pool(3, 100, hash).unwrap();
        let on_the_loop = on_the_loop(100, hash).unwrap();
        let here = thread::current().id();
        assert!(on_the_loop.iter().all(|(_, thread)| *thread == here));
        for hashed in [in_a_pool, on_the_loop] {
            let hashes: BTreeSet<u8> = hashed.iter().map(|(hash, _)| hash[0]).collect();
            assert!(hashed.len() == 100 && hashes.into_iter().eq(0..100), "{hashed:?}");
        }
    }

    #[test]
    fn pools_double_up_to_the_number_of_cores() {
        let pools = |most| pools(most).collect::<Vec<_>>();
        assert_eq!(pools(1), [1]);
        assert_eq!(pools(2), [1, 2]);
        assert_eq!(pools(6), [1, 2, 4, 6]);
        assert_eq!(pools(8), [1, 2, 4, 8]);
        assert_eq!(pools(u16::MAX).last(), Some(&u16::MAX));
    }

    #[test]
    fn a_pool_as_fast_as_its_cores_was_parallel() {
        for (number, cores, pool) in
            [(8, 2, 1.98), (8, 8, 7.1), (12, 6, 5.5), (8, 6, 3.9)]
        {
            let text = conclusion(number, cores, pool, 1.01);
            assert!(text.contains("pool were parallel: "), "{text}");
            assert!(text.contains("took turns"), "{text}");
            assert_eq!(text.lines().count() > 2, number % cores != 0, "{text}");
        }
    }

    #[test]
    fn what_the_figures_do_not_show_is_not_said() {
        let text = conclusion(8, 8, 5.2, 1.3);
        assert!(text.contains("5.20 times as fast, and not 8.00"), "{text}");
        assert!(text.contains("two hyper-threads share one"), "{text}");
        assert!(text.contains("1.30 times as fast with its one thread"), "{text}");
        assert!(!text.contains("parallel") && !text.contains("turns"), "{text}");
        let text = conclusion(8, 1, 1.0, 1.0);
        assert!(text.starts_with("One core keeps no more"), "{text}");
        assert!(!text.contains("two hyper-threads share one"), "{text}");
    }

    #[test]
    fn hashes_that_do_not_fill_all_cores_are_said_to_be_too_few() {
        let text = conclusion(8, 6, 3.9, 1.0);
        assert!(
            text.contains("at best\nthey are 4.00 times as fast. 12 hashes"),
            "{text}"
        );
        let text = conclusion(8, 16, 7.9, 1.0);
        assert!(text.contains("8.00 times as fast. 16 hashes"), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        let widest =
            [(1000, 999, 0.01, 99.0), (999, 1000, 999.0, 0.01), (1000, 7, 0.1, 0.1)];
        for (number, cores, pool, event_loop) in widest {
            let text = conclusion(number, cores, pool, event_loop);
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
        assert_eq!(bar(0.5).chars().count(), 15);
        assert_eq!(bar(1000.0).chars().count(), 33);
        assert_eq!(bar(1.0 / 240.0), "▏");
    }
}
