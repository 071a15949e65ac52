//! What a person sees while the flags come in.
//!
//! Results go to standard output and everything else to standard error, so that either
//! can be kept in a file. No write here can panic: a reader that has gone away, as in
//! `flags-seq | head -1`, must not cost a flag.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::mem;
use std::time::Duration;

use flags_server::CountryCode;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::terminal;
use crate::program;

/// Up to how many flags are shown by their codes on a terminal; more get a progress bar.
const MOST_CODES: usize = 20;

/// How the flags are shown as they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Their codes on one line.
    Codes,
    /// A progress bar for this number of flags.
    Bar { flags: usize },
    /// A line for each tenth of this number, where a terminal cannot wipe what it shows.
    Tenths { flags: usize },
    /// A line for each.
    Lines,
}

impl Style {
    /// What suits a run of this many flags.
    pub(crate) fn for_run(flags: usize, verbose: bool, screen: Screen) -> Self {
        match verbose {
            true => Self::Lines,
            false if screen != Screen::Both || flags <= MOST_CODES => Self::Codes,
            false if console::is_dumb() => Self::Tenths { flags },
            false => Self::Bar { flags },
        }
    }
}

/// Which of the two streams is a terminal that somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    Neither,
    /// Standard output goes to a file or a pipe.
    Stderr,
    /// Both, so what one writes stands in the way of the other.
    Both,
}

impl Screen {
    pub(crate) fn new(stdout: bool, stderr: bool) -> Self {
        match (stdout, stderr) {
            (_, false) => Self::Neither,
            (false, true) => Self::Stderr,
            (true, true) => Self::Both,
        }
    }
}

/// Standard output and standard error, and what stands on them.
pub(crate) struct Streams {
    style: Style,
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    screen: Screen,
    bar: ProgressBar,
    /// How many flags are done.
    done: usize,
    /// Codes have been written, and no end of line after them.
    inside_line: bool,
    stdout_error: Option<io::Error>,
}

impl Streams {
    /// Two streams on which nothing stands yet.
    pub(crate) fn new(
        stdout: impl Write + Send + 'static,
        stderr: impl Write + Send + 'static,
        screen: Screen,
        style: Style,
    ) -> Self {
        let bar = match style {
            Style::Bar { flags } => bar(flags),
            Style::Codes | Style::Tenths { .. } | Style::Lines => ProgressBar::hidden(),
        };
        Self {
            style,
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            screen,
            bar,
            done: 0,
            inside_line: false,
            stdout_error: None,
        }
    }

    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// Shows that a flag has been downloaded (*Fluent Python*, 1st ed., example 17-2).
    pub(crate) fn show(&mut self, code: CountryCode) {
        match self.style {
            Style::Codes => {
                let space = if self.inside_line { " " } else { "" };
                self.write(format_args!("{space}{code}"));
                self.inside_line = true;
            }
            Style::Bar { .. } | Style::Tenths { .. } => self.one_more_done(),
            Style::Lines => self.line(format_args!("{code} OK")),
        }
    }

    /// Counts a flag that has not been downloaded. So far, this many were not found and
    /// have failed.
    pub(crate) fn count_failure(&mut self, not_found: usize, failed: usize) {
        self.bar.set_message(failures(not_found, failed));
        self.one_more_done();
    }

    fn one_more_done(&mut self) {
        self.bar.inc(1);
        self.done += 1;
        let Style::Tenths { flags } = self.style else { return };
        let (done, tenths) = (self.done, |done: usize| done * 10 / flags);
        // The last tenth is the result, which comes at once.
        if tenths(done) > tenths(done - 1) && done < flags {
            self.note(format_args!("{done} of {flags} flags done"));
        }
    }

    /// Writes a line to standard output. The codes that stand there get a line of their
    /// own: they may be of other flags, by another thread.
    pub(crate) fn line(&mut self, line: impl Display) {
        self.end_line();
        let bar = self.bar.clone();
        bar.suspend(|| self.write(format_args!("{line}\n")));
    }

    /// Writes a line to standard error.
    pub(crate) fn note(&mut self, line: impl Display) {
        if self.screen == Screen::Both {
            self.end_line();
        }
        // When standard error is closed there is nobody left to tell.
        self.bar.suspend(|| {
            let _ = writeln!(self.stderr, "{line}");
        });
    }

    /// Writes a line to standard error if somebody looks at it: a program that reads it,
    /// or a file, needs to be told only what has gone wrong.
    pub(crate) fn remark(&mut self, line: impl Display) {
        if self.screen != Screen::Neither {
            self.note(line);
        }
    }

    /// Ends the line of codes, and wipes the progress bar: what it says, the result says
    /// better.
    pub(crate) fn end(&mut self) {
        // What is written from here on would draw the bar once more.
        mem::replace(&mut self.bar, ProgressBar::hidden()).finish_and_clear();
        self.end_line();
    }

    /// Why standard output has not received everything, where that is an error. A reader
    /// that has seen enough and closed its end is none.
    pub(crate) fn stdout_error(&self) -> Option<&io::Error> {
        self.stdout_error.as_ref().filter(|error| !program::reader_has_left(error))
    }

    fn end_line(&mut self) {
        if self.inside_line {
            self.write("\n");
            self.inside_line = false;
        }
    }

    fn write(&mut self, text: impl Display) {
        if self.stdout_error.is_none() {
            let written =
                write!(self.stdout, "{text}").and_then(|()| self.stdout.flush());
            self.stdout_error = written.err();
        }
    }
}

fn bar(flags: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{wide_bar} {pos}/{len} {rate} ETA {eta} {msg}")
            .expect("the template is a constant, and a test draws it")
            .with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
                // The column stays empty where it cannot be written.
                let _ = write!(text, "{:.0}/s", state.per_sec());
            });
    let bar = ProgressBar::with_draw_target(Some(flags as u64), terminal::for_bar());
    bar.set_style(style);
    // Drawn by the clock as well, or it would look dead while all flags wait.
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// The flags that were not downloaded, in words: `427 not found, 3 errors`.
fn failures(not_found: usize, failed: usize) -> String {
    let errors = plural(failed, "error");
    let words = [(not_found, "not found"), (failed, &*errors)];
    let words = words.iter().filter(|(number, _)| *number > 0);
    let words = words.map(|(number, what)| format!("{number} {what}"));
    words.collect::<Vec<_>>().join(", ")
}

/// The noun in the form that goes with `number`: `error`, `errors`.
#[must_use]
pub fn plural(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{noun}{ending}")
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;
    use crate::testing::{Page, code, screen};

    /// A disk that is full, or a pipe that nobody reads.
    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn codes_share_a_line_that_errors_and_the_end_respect() {
        let page = Page::default();
        let mut streams = screen(Style::Codes, &page);
        streams.show(code("BR"));
        streams.show(code("CN"));
        streams.note("ID timed out");
        streams.show(code("IN"));
        streams.end();
        streams.line("3 flags downloaded in 0.10s");
        let expected = "BR CN\nID timed out\nIN\n3 flags downloaded in 0.10s\n";
        assert_eq!(page.text(), expected);
    }

    #[test]
    fn in_a_file_the_codes_stay_on_one_line_whatever_goes_wrong() {
        let (out, err) = (Page::default(), Page::default());
        let mut streams =
            Streams::new(out.clone(), err.clone(), Screen::Neither, Style::Codes);
        streams.show(code("BR"));
        streams.note("ID timed out");
        streams.show(code("IN"));
        streams.end();
        assert_eq!(out.text(), "BR IN\n");
        assert_eq!(err.text(), "ID timed out\n");
    }

    #[test]
    fn a_line_is_never_that_of_the_codes_too() {
        let page = Page::default();
        let mut streams = screen(Style::Codes, &page);
        streams.line("Scheduled for BR");
        streams.show(code("BR"));
        streams.show(code("CN"));
        streams.line("<Future>");
        assert_eq!(page.text(), "Scheduled for BR\nBR CN\n<Future>\n");
    }

    #[test]
    fn where_nothing_can_be_wiped_each_tenth_of_the_flags_has_a_line() {
        let page = Page::default();
        let mut streams = screen(Style::Tenths { flags: 33 }, &page);
        for _ in 0..32 {
            streams.show(code("BR"));
        }
        streams.count_failure(1, 0);
        let lines: Vec<_> = page.text().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 9, "{lines:?}");
        assert_eq!(lines[0], "4 of 33 flags done");
        assert_eq!(lines[8], "30 of 33 flags done");
    }

    #[test]
    fn a_remark_is_for_who_looks_at_a_terminal() {
        for (which, seen) in [
            (Screen::Neither, ""),
            (Screen::Stderr, "saved\n"),
            (Screen::Both, "saved\n"),
        ] {
            let page = Page::default();
            let mut streams = Streams::new(io::sink(), page.clone(), which, Style::Codes);
            streams.remark("saved");
            assert_eq!(page.text(), seen, "{which:?}");
        }
    }

    #[test]
    fn a_verbose_run_has_a_line_for_each_flag() {
        let page = Page::default();
        let mut streams = screen(Style::Lines, &page);
        streams.show(code("BR"));
        streams.note("ID timed out");
        streams.end();
        assert_eq!(page.text(), "BR OK\nID timed out\n");
    }

    #[test]
    fn the_bar_counts_flags_and_failures() {
        let mut streams = screen(Style::Bar { flags: 194 }, &Page::default());
        streams.show(code("BR"));
        streams.count_failure(1, 0);
        assert_eq!(streams.bar.message(), "1 not found");
        streams.count_failure(1, 2);
        assert_eq!((streams.bar.position(), streams.bar.length()), (3, Some(194)));
        assert_eq!(streams.bar.message(), "1 not found, 2 errors");
    }

    #[test]
    fn a_full_disk_is_an_error_and_a_reader_that_left_is_none() {
        for (kind, is_error) in
            [(ErrorKind::StorageFull, true), (ErrorKind::BrokenPipe, false)]
        {
            let page = Page::default();
            let mut streams =
                Streams::new(Broken(kind), page, Screen::Neither, Style::Codes);
            streams.show(code("BR"));
            assert_eq!(streams.stdout_error().is_some(), is_error, "{kind}");
        }
    }

    #[test]
    fn a_noun_follows_its_number() {
        assert_eq!(plural(1, "error"), "error");
        assert_eq!(plural(19, "error"), "errors");
        assert_eq!(plural(0, "flag"), "flags");
    }
}
