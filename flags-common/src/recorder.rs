//! The one place that all threads of a run report to.
//!
//! Everything that happens is counted and shown under one lock, so that the report adds
//! up whenever it is asked for: at the end, or in the middle by Ctrl-C.

use std::collections::BTreeSet;
use std::process::{self, ExitCode};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use crate::console::{Console, Style, plural};
use crate::flag::Outcome;
use crate::pictures::Pictures;
use crate::program::INTERRUPTED;
use crate::timeline::{InFlight, Stamps, Timeline};
use crate::waterfall::Waterfall;

/// What has happened so far in a run.
pub(crate) struct Recorder {
    /// How many flags the run is to download.
    flags: usize,
    pictures: Pictures,
    in_flight: InFlight,
    state: Mutex<State>,
    saving: RwLock<()>,
}

struct State {
    console: Console,
    downloaded: usize,
    not_found: usize,
    failed: usize,
    timeline: Timeline,
    /// What the reader can do about the errors, each only once.
    advice: BTreeSet<&'static str>,
    reported: bool,
    /// Something was to be written, and could not.
    output_is_missing: bool,
}

impl Recorder {
    /// The record of a run of `flags` flags, of which none has ended yet.
    pub(crate) fn new(flags: usize, console: Console, pictures: Pictures) -> Self {
        let state = State {
            console,
            downloaded: 0,
            not_found: 0,
            failed: 0,
            timeline: Timeline::new(),
            advice: BTreeSet::new(),
            reported: false,
            output_is_missing: false,
        };
        Self {
            flags,
            pictures,
            in_flight: InFlight::default(),
            state: Mutex::new(state),
            saving: RwLock::new(()),
        }
    }

    /// Sets the clock of the run to zero.
    pub(crate) fn start_clock(&self) {
        self.lock().timeline = Timeline::new();
    }

    /// Counts a flag that is in flight from now on.
    pub(crate) fn flag_started(&self) {
        self.in_flight.one_more();
    }

    /// Counts and shows a flag that has ended; `advice` is what the reader can do where
    /// it failed.
    pub(crate) fn flag_ended(&self, stamps: Stamps, advice: Option<&'static str>) {
        if stamps.started.is_some() {
            self.in_flight.one_less();
        }
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
        if let Some(error) = &stamps.error {
            let reason = format!("{} {error}: {}", stamps.outcome.code(), stamps.url);
            state.console.show_failure(reason, state.failed);
        }
        state.advice.extend(advice);
        state.timeline.add(stamps);
    }

    /// Writes one line to standard output, between those of the flags.
    pub(crate) fn line(&self, line: &str) {
        self.lock().console.line(line);
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
        self.report(&mut state);
        ExitCode::from(u8::from(state.failed > 0 || state.output_is_missing))
    }

    /// Reports on the run as far as it came and ends the program.
    pub(crate) fn interrupt(&self) -> ! {
        // Both locks are held to the end of the program, so that no file is half written
        // then and nothing is shown after the report.
        let _no_more_saving = self.saving.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.lock();
        if !state.reported {
            self.report(&mut state);
            let (left, all) = (self.flags - state.timeline.flags(), self.flags);
            let notice = format!("interrupted before {left} of {all} flags were done");
            state.console.note(notice);
        }
        process::exit(INTERRUPTED.into());
    }

    fn report(&self, state: &mut State) {
        let elapsed = state.timeline.began().elapsed();
        let in_flight = self.in_flight.largest();
        state.reported = true;
        state.console.end();
        for line in state.summary(elapsed, in_flight) {
            state.console.line(line);
        }
        // Drawn only where the command line asks for it.
        let waterfall = || Waterfall::new(&state.timeline, in_flight, elapsed);
        for line in self.pictures.lines(waterfall) {
            state.console.line(line);
        }
        for error in self.pictures.write(&state.timeline, waterfall) {
            state.console.note(format_args!("error: {error}"));
            state.output_is_missing = true;
        }
        for advice in &state.advice {
            state.console.note(format_args!("hint: {advice}"));
        }
        if let Some(error) = state.console.stdout_error() {
            let problem = format!("cannot write to standard output: {error}");
            state.console.note(problem);
            state.output_is_missing = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The last lines of a run: a few short ones, or those of the book's flags2 (*Fluent
    /// Python*, 1st ed., section 17.5) and one that tells how the program waited.
    fn summary(&self, elapsed: Duration, largest_in_flight: usize) -> Vec<String> {
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
            let threads = self.timeline.threads();
            let plural = plural(threads, "thread");
            lines.push(format!("Elapsed time: {seconds:.2}s"));
            lines.push(format!(
                "At most {largest_in_flight} in flight at once, on {threads} {plural}."
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
    use crate::error::FlagError;
    use crate::flag::Flag;

    impl Recorder {
        /// The record of a run for tests, which shows what happens on `page`.
        pub(crate) fn on_page(flags: usize, style: Style, page: &Page) -> Self {
            Self::new(flags, screen(style, page), Pictures::default())
        }

        /// The stamps of the only flag that has ended.
        pub(crate) fn only_stamps(&self) -> Stamps {
            let state = self.lock();
            let stamps = state.timeline.in_order_of_start();
            let &[stamps] = stamps.as_slice() else { panic!("{stamps:?}") };
            stamps.clone()
        }
    }

    /// The record of a run in which four flags were in flight at once: one of them was
    /// downloaded, one does not exist, and two failed for the same reason.
    fn recorder(style: Style, page: &Page) -> Arc<Recorder> {
        let recorder = Arc::new(Recorder::on_page(4, style, page));
        let flag = |code| {
            Flag::new(code, 1, "http://site/flags", Path::new(""), Arc::clone(&recorder))
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
        let short = recorder(Style::Codes, &page).lock().summary(elapsed, 4);
        assert_eq!(short, ["1 flag downloaded in 1.31s", "1 not found", "2 errors"]);
        let nothing = Recorder::on_page(0, Style::Codes, &page);
        let nothing = nothing.lock().summary(elapsed, 0);
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
        let in_flight = recorder.in_flight.largest();
        let summary = recorder.lock().summary(Duration::from_millis(150), in_flight);
        assert_eq!(summary, expected);
    }

    #[test]
    fn each_piece_of_advice_is_given_once() {
        let page = Page::default();
        recorder(Style::Codes, &page).finish();
        assert_eq!(page.text().matches("--timeout").count(), 1, "{}", page.text());
    }
}
