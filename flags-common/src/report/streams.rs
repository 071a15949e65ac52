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
    /// A line for each.
    Lines,
}

impl Style {
    /// What suits a run of this many flags.
    pub(crate) fn for_run(flags: usize, verbose: bool, on_one_screen: bool) -> Self {
        match verbose {
            true => Self::Lines,
            false if on_one_screen && flags > MOST_CODES => Self::Bar { flags },
            false => Self::Codes,
        }
    }
}

/// Standard output and standard error, and what stands on them.
pub(crate) struct Streams {
    style: Style,
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    /// Both are the same terminal, so what one writes stands in the way of the other.
    on_one_screen: bool,
    bar: ProgressBar,
    /// Codes have been written, and no end of line after them.
    inside_line: bool,
    stdout_error: Option<io::Error>,
}

impl Streams {
    /// Two streams on which nothing stands yet.
    pub(crate) fn new(
        stdout: impl Write + Send + 'static,
        stderr: impl Write + Send + 'static,
        on_one_screen: bool,
        style: Style,
    ) -> Self {
        let bar = match style {
            Style::Bar { flags } => bar(flags),
            Style::Codes | Style::Lines => ProgressBar::hidden(),
        };
        Self {
            style,
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            on_one_screen,
            bar,
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
            Style::Bar { .. } => self.bar.inc(1),
            Style::Lines => self.line(format_args!("{code} OK")),
        }
    }

    /// Counts a flag that has not been downloaded; `errors` is the number of those that
    /// have failed so far.
    pub(crate) fn count_failure(&mut self, errors: usize) {
        self.bar.inc(1);
        if errors > 0 {
            self.bar.set_message(format!("{errors} {}", plural(errors, "error")));
        }
    }

    /// Writes a line to standard output, or the rest of the one that codes have begun.
    pub(crate) fn line(&mut self, line: impl Display) {
        let space = if self.inside_line { " " } else { "" };
        let bar = self.bar.clone();
        bar.suspend(|| self.write(format_args!("{space}{line}\n")));
        self.inside_line = false;
    }

    /// Writes a line to standard error.
    pub(crate) fn note(&mut self, line: impl Display) {
        if self.on_one_screen {
            self.end_line();
        }
        // When standard error is closed there is nobody left to tell.
        self.bar.suspend(|| {
            let _ = writeln!(self.stderr, "{line}");
        });
    }

    /// Ends the line of codes and leaves the progress bar as it stands.
    pub(crate) fn end(&mut self) {
        // What is written from here on would draw the bar once more below itself.
        mem::replace(&mut self.bar, ProgressBar::hidden()).abandon();
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
    let bar = ProgressBar::new(flags as u64).with_style(style);
    // Drawn by the clock as well, or it would look dead while all flags wait.
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
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
        let mut streams = Streams::new(out.clone(), err.clone(), false, Style::Codes);
        streams.show(code("BR"));
        streams.note("ID timed out");
        streams.show(code("IN"));
        streams.end();
        assert_eq!(out.text(), "BR IN\n");
        assert_eq!(err.text(), "ID timed out\n");
    }

    #[test]
    fn a_line_goes_on_where_the_codes_end() {
        let page = Page::default();
        let mut streams = screen(Style::Codes, &page);
        streams.line("Scheduled for BR");
        streams.show(code("BR"));
        streams.line("<Future>");
        assert_eq!(page.text(), "Scheduled for BR\nBR <Future>\n");
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
        streams.count_failure(1);
        assert_eq!((streams.bar.position(), streams.bar.length()), (2, Some(194)));
        assert_eq!(streams.bar.message(), "1 error");
    }

    #[test]
    fn a_full_disk_is_an_error_and_a_reader_that_left_is_none() {
        for (kind, is_error) in
            [(ErrorKind::StorageFull, true), (ErrorKind::BrokenPipe, false)]
        {
            let page = Page::default();
            let mut streams = Streams::new(Broken(kind), page, false, Style::Codes);
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
