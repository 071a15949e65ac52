//! The one place that all threads of a run report to.
//!
//! Everything that happens is counted and shown under one lock, so that the report adds
//! up whenever it is asked for: at the end, or in the middle by Ctrl-C.

use std::collections::BTreeSet;
use std::process::{self, ExitCode};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::console::{Console, Style, plural};
use crate::error::FlagError;
use crate::flag::{Flag, Outcome};
use crate::program::INTERRUPTED;
use crate::timeline::{Stamps, largest_in_flight, threads};

/// What has happened so far in a run.
pub(crate) struct Recorder {
    /// How many flags the run is to download.
    flags: usize,
    state: Mutex<State>,
    saving: RwLock<()>,
}

struct State {
    console: Console,
    clock: Instant,
    downloaded: usize,
    not_found: usize,
    failed: usize,
    timeline: Vec<Stamps>,
    /// What the reader can do about the errors, each only once.
    advice: BTreeSet<&'static str>,
    reported: bool,
}

impl Recorder {
    /// The record of a run of `flags` flags, of which none has ended yet.
    pub(crate) fn new(flags: usize, console: Console) -> Self {
        let state = State {
            console,
            clock: Instant::now(),
            downloaded: 0,
            not_found: 0,
            failed: 0,
            timeline: Vec::with_capacity(flags),
            advice: BTreeSet::new(),
            reported: false,
        };
        Self { flags, state: Mutex::new(state), saving: RwLock::new(()) }
    }

    /// Sets the clock of the run to zero.
    pub(crate) fn start_clock(&self) {
        self.lock().clock = Instant::now();
    }

    /// Counts and shows a flag that has ended; `error` is why it was not downloaded.
    pub(crate) fn flag_ended(
        &self,
        flag: &Flag,
        stamps: Stamps,
        error: Option<&FlagError>,
    ) {
        let mut guard = self.lock();
        let state = &mut *guard;
        match stamps.outcome {
            Outcome::Downloaded(code) => {
                state.downloaded += 1;
                state.console.show(code);
            }
            Outcome::NotFound(_) => state.not_found += 1,
            Outcome::Failed(_) => state.failed += 1,
        }
        if let Some(error) = error {
            let reason = format!("{} {error}: {}", flag.code(), flag.url());
            state.console.show_failure(reason, state.failed);
            state.advice.extend(error.advice());
        }
        state.timeline.push(stamps);
    }

    /// Writes one line to standard output, between those of the flags.
    pub(crate) fn line(&self, line: &str) {
        self.lock().console.line(line);
    }

    /// The stamps of all flags that have ended, in the order in which they ended.
    pub(crate) fn timeline(&self) -> Vec<Stamps> {
        self.lock().timeline.clone()
    }

    /// Writes one line to standard error.
    pub(crate) fn note(&self, line: &str) {
        self.lock().console.note(line);
    }

    /// Runs what writes to the destination, and what goes with it.
    ///
    /// A read-write lock fits although nothing is read: any number of flags may be saved
    /// at the same time, and Ctrl-C waits for all of them and lets no further one begin.
    pub(crate) fn save<T>(&self, write: impl FnOnce() -> T) -> T {
        let _permission = self.saving.read().unwrap_or_else(PoisonError::into_inner);
        write()
    }

    /// Reports on the finished run and gives its exit status.
    pub(crate) fn finish(&self) -> ExitCode {
        let mut state = self.lock();
        state.report();
        let failed = state.failed > 0 || state.console.stdout_error().is_some();
        ExitCode::from(u8::from(failed))
    }

    /// Reports on the run as far as it came and ends the program.
    pub(crate) fn interrupt(&self) -> ! {
        // Both locks are held to the end of the program, so that no file is half written
        // then and nothing is shown after the report.
        let _no_more_saving = self.saving.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.lock();
        if !state.reported {
            state.report();
            let (left, all) = (self.flags - state.timeline.len(), self.flags);
            let notice = format!("interrupted before {left} of {all} flags were done");
            state.console.note(notice);
        }
        process::exit(INTERRUPTED);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn report(&mut self) {
        self.reported = true;
        self.console.end();
        for line in self.summary(self.clock.elapsed()) {
            self.console.line(line);
        }
        for advice in &self.advice {
            self.console.note(format_args!("hint: {advice}"));
        }
        if let Some(error) = self.console.stdout_error() {
            let problem = format!("cannot write to standard output: {error}");
            self.console.note(problem);
        }
    }

    /// The last lines of a run: a few short ones, or those of the book's flags2 (*Fluent
    /// Python*, 1st ed., section 17.5) and one that tells how the program waited.
    fn summary(&self, elapsed: Duration) -> Vec<String> {
        let Self { downloaded, not_found, failed, .. } = *self;
        let verbose = self.console.style() == Style::Lines;
        let (flags, errors) = (plural(downloaded, "flag"), plural(failed, "error"));
        let seconds = elapsed.as_secs_f64();
        let mut lines = Vec::new();
        if verbose {
            lines.push("-".repeat(20));
            lines.push(format!("{downloaded:3} {flags} downloaded."));
        } else {
            lines.push(format!("{downloaded} {flags} downloaded in {seconds:.2}s"));
        }
        for (number, what) in [(not_found, "not found"), (failed, errors.as_str())] {
            match number {
                0 => {}
                _ if verbose => lines.push(format!("{number:3} {what}.")),
                _ => lines.push(format!("{number} {what}")),
            }
        }
        if verbose {
            let (most, threads) =
                (largest_in_flight(&self.timeline), threads(&self.timeline));
            let plural = plural(threads, "thread");
            lines.push(format!("Elapsed time: {seconds:.2}s"));
            lines.push(format!(
                "At most {most} in flight at once, on {threads} {plural}."
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::console::tests::{Page, screen};
    use crate::countries::most_populous;

    /// The record of a run in which four flags were in flight at once: one of them was
    /// downloaded, one does not exist, and two failed for the same reason.
    fn recorder(style: Style, page: &Page) -> Arc<Recorder> {
        let recorder = Arc::new(Recorder::new(4, screen(style, page)));
        let flag = |code| {
            Flag::new(code, "http://site/flags", Path::new(""), Arc::clone(&recorder))
        };
        let flags: Vec<Flag> = most_populous().into_iter().take(4).map(flag).collect();
        flags.iter().for_each(Flag::start);
        let errors = [FlagError::NotFound, FlagError::TimedOut, FlagError::TimedOut];
        let mut flags = flags.into_iter();
        flags.next().unwrap().end(Ok(()));
        for (flag, error) in flags.zip(errors) {
            flag.fail(error);
        }
        recorder
    }

    #[test]
    fn each_failure_is_shown_with_its_code_cause_and_address() {
        let page = Page::default();
        recorder(Style::Codes, &page);
        let expected = "CN\n\
            IN not found: http://site/flags/in/in.gif\n\
            US timed out: http://site/flags/us/us.gif\n\
            ID timed out: http://site/flags/id/id.gif\n";
        assert_eq!(page.text(), expected);
    }

    #[test]
    fn the_short_summary_names_only_what_happened() {
        let page = Page::default();
        let elapsed = Duration::from_millis(1314);
        let short = recorder(Style::Codes, &page).lock().summary(elapsed);
        assert_eq!(short, ["1 flag downloaded in 1.31s", "1 not found", "2 errors"]);
        let nothing = Recorder::new(0, screen(Style::Codes, &page));
        let nothing = nothing.lock().summary(elapsed);
        assert_eq!(nothing, ["0 flags downloaded in 1.31s"]);
    }

    #[test]
    fn the_long_summary_is_that_of_the_book_and_tells_how_the_program_waited() {
        let recorder = recorder(Style::Lines, &Page::default());
        let expected = [
            "--------------------",
            "  1 flag downloaded.",
            "  1 not found.",
            "  2 errors.",
            "Elapsed time: 0.15s",
            "At most 4 in flight at once, on 1 thread.",
        ];
        assert_eq!(recorder.lock().summary(Duration::from_millis(150)), expected);
    }

    #[test]
    fn each_piece_of_advice_is_given_once() {
        let page = Page::default();
        recorder(Style::Codes, &page).finish();
        assert_eq!(page.text().matches("--timeout").count(), 1, "{}", page.text());
    }
}
