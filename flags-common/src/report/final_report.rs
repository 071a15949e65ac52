//! What is said and drawn of a run at its end.

use std::path::Path;
use std::time::Duration;

use http::Uri;

use super::pictures::Pictures;
use super::record::Record;
use super::steps::Steps;
use super::streams::{Streams, Style, plural};
use super::waterfall::Waterfall;

/// The report on a run that is over.
pub(crate) struct FinalReport<'a> {
    pub(crate) record: &'a Record,
    pub(crate) pictures: &'a Pictures,
    /// The folder that the flags are saved in.
    pub(crate) destination: &'a Path,
    pub(crate) steps: Option<&'a dyn Steps>,
    /// How many flags have been downloaded, as the example itself has counted them.
    pub(crate) count: usize,
    pub(crate) elapsed: Duration,
    pub(crate) largest_in_flight: usize,
    /// How long processors have worked for it, where that is known.
    pub(crate) cpu_time: Option<Duration>,
}

impl FinalReport<'_> {
    /// Writes all of it. True when everything could be written.
    pub(crate) fn write(&self, streams: &mut Streams) -> bool {
        streams.end();
        let verbose = streams.style() == Style::Lines;
        if !verbose {
            for line in self.record.failures.lines() {
                streams.note(line);
            }
        }
        for line in self.summary(verbose) {
            streams.line(line);
        }
        // Drawn only where the command line asks for it.
        let waterfall = || {
            let &Self { record, largest_in_flight, elapsed, cpu_time, .. } = self;
            Waterfall::new(&record.timeline, largest_in_flight, elapsed, cpu_time)
        };
        for line in self.pictures.lines(waterfall) {
            streams.line(line);
        }
        let failed = self.pictures.write(&self.record.timeline, self.steps, waterfall);
        let saved = (self.record.downloaded > 0)
            .then(|| format!("saved in {}", self.destination.display()));
        let files = failed.is_empty().then(|| self.pictures.files());
        let written: Vec<_> =
            saved.into_iter().chain(files.into_iter().flatten()).collect();
        if !written.is_empty() {
            streams.remark(written.join(", "));
        }
        for error in &failed {
            streams.note(format_args!("error: {error}"));
        }
        for advice in self.record.advice.iter().cloned().chain(self.nothing_found()) {
            streams.note(format_args!("hint: {advice}"));
        }
        let stdout_error = streams.stdout_error().map(ToString::to_string);
        if let Some(error) = &stdout_error {
            streams.note(format_args!("error: {error}"));
        }
        failed.is_empty() && stdout_error.is_none()
    }

    /// What to do when a site has answered, but has none of the flags.
    fn nothing_found(&self) -> Option<String> {
        let Record { site_is_embedded, site_url, .. } = self.record;
        let nothing = self.record.found_nothing() && !site_is_embedded;
        nothing.then(|| {
            let url = site_url.parse::<Uri>();
            let is_bare = url.is_ok_and(|url| matches!(url.path(), "" | "/"));
            let guess = if is_bare {
                format!(", as {site_url}/flags may")
            } else {
                String::new()
            };
            format!("does --server name the folder that holds br/br.gif{guess}?")
        })
    }

    /// The last lines of a run: a few short ones, or those of the book's flags2 (*Fluent
    /// Python*, 1st ed., section 17.5) and two that tell how the program waited.
    fn summary(&self, verbose: bool) -> Vec<String> {
        let Record { not_found, failed, .. } = *self.record;
        let count = self.count;
        let (flags, errors) = (plural(count, "flag"), plural(failed, "error"));
        let seconds = self.elapsed.as_secs_f64();
        let mut lines = Vec::new();
        if verbose {
            lines.push("-".repeat(20));
            lines.push(format!("{count:3} {flags} downloaded."));
        } else {
            lines.push(format!("{count} {flags} downloaded in {seconds:.2}s"));
        }
        for (number, what) in [(not_found, "not found"), (failed, errors.as_str())] {
            match number {
                0 => {}
                _ if verbose => lines.push(format!("{number:3} {what}.")),
                _ => lines.push(format!("{number} {what}")),
            }
        }
        if verbose {
            let threads = self.record.timeline.downloaders().len();
            lines.push(format!("Elapsed time: {seconds:.2}s"));
            lines.push(format!(
                "At most {} in flight at once, on {threads} {}.",
                self.largest_in_flight,
                plural(threads, "thread"),
            ));
            lines.push(format!("Other threads: {}.", self.other_threads()));
            if self.record.site_is_looked_up {
                let note = "Not counted: threads that looked up the name of the site.";
                lines.push(note.to_owned());
            }
            lines.extend(self.steps.map(Steps::summary));
        }
        lines
    }

    /// The threads of this program that did not download, and what they are for.
    fn other_threads(&self) -> String {
        let record = self.record;
        let downloaders = record.timeline.downloaders();
        let savers = record.timeline.savers().difference(downloaders).count();
        let main = downloaders.iter().all(|thread| thread.id != record.main_thread);
        let others = [
            (usize::from(main), "took the results"),
            (savers, "saved"),
            (usize::from(record.site_is_embedded), "was the embedded site"),
            (1, "waited for Ctrl-C"),
        ];
        let others = others.iter().filter(|(number, _)| *number > 0);
        let others = others.map(|(number, what)| format!("{number} {what}"));
        others.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::timeline::{Outcome, Stamps};
    use crate::testing::{by, stamps, worker};

    /// A run in which one flag was downloaded, one does not exist, and two failed.
    fn record() -> Record {
        let mut record = Record::new(true);
        let began = record.timeline.began();
        for (country, outcome) in [
            ("CN", Outcome::Downloaded),
            ("IN", Outcome::NotFound),
            ("US", Outcome::Failed),
            ("ID", Outcome::Failed),
        ] {
            record.add(Stamps { outcome, ..stamps(country, began, (0, 150)) });
        }
        record
    }

    fn summary(record: &Record, count: usize, verbose: bool) -> Vec<String> {
        let report = FinalReport {
            record,
            pictures: &Pictures::default(),
            destination: Path::new("downloads"),
            steps: None,
            count,
            elapsed: Duration::from_millis(1314),
            largest_in_flight: 4,
            cpu_time: None,
        };
        report.summary(verbose)
    }

    #[test]
    fn the_short_summary_names_only_what_happened() {
        let short = summary(&record(), 1, false);
        assert_eq!(short, ["1 flag downloaded in 1.31s", "1 not found", "2 errors"]);
        let nothing = summary(&Record::new(true), 0, false);
        assert_eq!(nothing, ["0 flags downloaded in 1.31s"]);
    }

    #[test]
    fn the_long_summary_is_that_of_the_book_and_tells_how_the_program_waited() {
        let expected = [
            "--------------------",
            "  1 flag downloaded.",
            "  1 not found.",
            "  2 errors.",
            "Elapsed time: 1.31s",
            "At most 4 in flight at once, on 1 thread.",
            "Other threads: 1 was the embedded site, 1 waited for Ctrl-C.",
        ];
        assert_eq!(summary(&record(), 1, true), expected);
    }

    #[test]
    fn threads_that_only_save_or_only_take_the_results_are_named() {
        let mut record = Record::new(false);
        let began = record.timeline.began();
        let downloaded = by(2, stamps("BR", began, (0, 150)));
        record.add(Stamps { saver: Some((began, worker(3))), ..downloaded });
        let last = summary(&record, 1, true).pop().unwrap();
        let expected = "Other threads: 1 took the results, 1 saved, 1 waited for Ctrl-C.";
        assert_eq!(last, expected);
        record.site_is_looked_up = true;
        let last = summary(&record, 1, true).pop().unwrap();
        assert_eq!(last, "Not counted: threads that looked up the name of the site.");
    }
}
