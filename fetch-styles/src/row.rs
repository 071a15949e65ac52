//! A line of the table: it makes a call, and shows what became of `main` meanwhile.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use fetch_styles::threads::Threads;
use flags_common::{FlagError, program};

use crate::handled::Handled;
use crate::meanwhile::{Times, Turns, other_work};

/// What the table shows.
pub(crate) const LEGEND: &str = "\
Between a call and taking its answer, `main` has 200 ms of other work to do.

Asynchronous and non-blocking are two questions, and each style answers both:
  asynchronous: does the call return before the answer is there? How soon?
  non-blocking: is `main` free while there is nothing to do but wait, or held
                by the call, or by taking the answer? For how long, at most?
A character of a bar is 50 ms of `main`: # held, = at other work, . free.
At the end: how many threads there are, and which one the answer comes to.";

/// Writes what stands above the columns, and `title` in front of it.
pub(crate) fn write_headings(title: &str) -> io::Result<()> {
    let above = "                 asynchronous non-blocking    all threads,";
    let below = "main             call returns main is held   done answer on";
    writeln!(program::stdout(), "{:19}{above}\n{title:19}{below}", "")
}

/// A style, its answers to the two questions, and the threads that it needs. The answers
/// lie in the style; all the numbers beside them are measured.
pub(crate) struct Row {
    style: &'static str,
    is_asynchronous: bool,
    is_non_blocking: bool,
    pub(crate) threads: Threads,
}

impl Row {
    pub(crate) fn synchronous(style: &'static str) -> Self {
        let (is_asynchronous, is_non_blocking) = (false, false);
        Self { style, is_asynchronous, is_non_blocking, threads: Threads::default() }
    }

    pub(crate) fn asynchronous(style: &'static str) -> Self {
        Self { is_asynchronous: true, ..Self::synchronous(style) }
    }

    pub(crate) fn non_blocking(self) -> Self {
        Self { is_non_blocking: true, ..self }
    }

    /// Makes a `call`, does other work, and takes the answer in the way of the style.
    /// Returns whether nothing failed.
    pub(crate) async fn show<Call>(
        self,
        call: impl FnOnce() -> Call,
        take: impl AsyncFnOnce(Call) -> Handled,
    ) -> io::Result<bool> {
        let turns = Turns::watch();
        let start = Instant::now();
        let call = call();
        let returned = Instant::now();
        other_work().await;
        let worked = Instant::now();
        let Handled { error, thread } = take(call).await;
        let end = Instant::now();

        let times = Times { start, returned, worked, turns: turns.stop(), end };
        let word = |yes| if yes { "yes" } else { "no" };
        let mut stdout = program::stdout();
        writeln!(
            stdout,
            "{:<18} {:<16} {:<3}{:>9} {:<3}{:>9} {:>6} {:>2} {}",
            self.style,
            times.bar(),
            word(self.is_asynchronous),
            time(returned - start),
            word(self.is_non_blocking),
            time(times.longest_hold()),
            time(end - start),
            self.threads.count(),
            thread.name().unwrap_or("no name"),
        )?;
        if let Some(error) = &error {
            writeln!(stdout, "{:19}{error}", "")?;
        }
        Ok(!error.is_some_and(|error| is_failure(&error)))
    }
}

/// That there is no such flag is an answer, and not a failure.
pub(crate) fn is_failure(error: &FlagError) -> bool {
    !matches!(error, FlagError::NotFound)
}

/// A time in three digits and its unit.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..0.9995 => format!("{:.0} ms", seconds * 1e3),
        ..9.995 => format!("{seconds:.2} s"),
        _ => format!("{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_at_most_six_characters() {
        let ms = Duration::from_millis;
        let texts = [ms(0), ms(302), ms(999), ms(1000), ms(9994), ms(9995), ms(30_200)];
        let expected =
            ["0 ms", "302 ms", "999 ms", "1.00 s", "9.99 s", "10.0 s", "30.2 s"];
        assert_eq!(texts.map(time), expected);
        assert_eq!(time(Duration::from_micros(999_600)), "1.00 s");
    }
}
