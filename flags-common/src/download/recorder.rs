//! The one place that all threads of a run report to.
//!
//! Everything that happens is counted and shown under one lock, so that the report adds
//! up whenever it is asked for: at the end, or in the middle by Ctrl-C.

use std::error::Error;
use std::mem;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use flags_server::CountryCode;

use super::error::FlagError;
use super::live_report::{self, LiveReport};
use super::proxy::Proxy;
use super::site::Site;
use super::url::{has_name, without_user};
use crate::report::final_report::FinalReport;
use crate::report::in_flight::InFlight;
use crate::report::pictures::Pictures;
use crate::report::record::Record;
use crate::report::steps::Steps;
use crate::report::streams::{Streams, Style};
use crate::report::timeline::{Outcome, Stamps};
use crate::report::worker::CpuTime;

/// What has happened so far in a run, and what is seen of it.
pub(crate) struct Recorder {
    /// How many flags the run is to download.
    flags: usize,
    /// The folder that they are saved in.
    destination: PathBuf,
    pictures: Pictures,
    steps: OnceLock<Arc<dyn Steps>>,
    proxy: OnceLock<Proxy>,
    in_flight: InFlight,
    first_url: OnceLock<Instant>,
    cpu_time: CpuTime,
    live_report: OnceLock<LiveReport>,
    state: Mutex<State>,
    saving: RwLock<()>,
}

struct State {
    streams: Streams,
    record: Record,
    /// Flags that are on the disk, and that nobody has been shown yet.
    to_show: Vec<CountryCode>,
    reported: bool,
    /// All that was to be written has been.
    output_is_whole: bool,
}

impl Recorder {
    /// The record of a run of `flags` flags, of which none has ended yet.
    pub(crate) fn new(
        flags: usize,
        destination: PathBuf,
        streams: Streams,
        pictures: Pictures,
    ) -> Self {
        let state = State {
            streams,
            record: Record::new(false),
            to_show: Vec::new(),
            reported: false,
            output_is_whole: true,
        };
        Self {
            flags,
            destination,
            pictures,
            steps: OnceLock::new(),
            proxy: OnceLock::new(),
            in_flight: InFlight::default(),
            first_url: OnceLock::new(),
            cpu_time: CpuTime::default(),
            live_report: OnceLock::new(),
            state: Mutex::new(state),
            saving: RwLock::new(()),
        }
    }

    /// Sets the clock of the run to zero. Its end is told to the site as well, where that
    /// takes a `live_report`.
    pub(crate) fn begin(&self, site: &Site, live_report: Option<LiveReport>) {
        if let Some(live_report) = live_report {
            // The first one stays: nobody calls this twice.
            let _ = self.live_report.set(live_report);
        }
        self.lock().record = Record {
            site_is_looked_up: has_name(&site.base_url),
            site_url: without_user(&site.base_url),
            ..Record::new(site.is_embedded())
        };
    }

    /// Whether the command line asks for a picture of the example's own steps.
    pub(crate) fn draws_steps(&self) -> bool {
        self.pictures.steps.is_some()
    }

    /// Takes what the example will have seen of its own steps.
    pub(crate) fn show_at_end(&self, steps: Arc<dyn Steps>) {
        // The first ones stay: nobody calls this twice.
        let _ = self.steps.set(steps);
    }

    /// Takes note of the proxy that requests for the site at `base_url` go to.
    pub(crate) fn goes_to(&self, proxy: Proxy, base_url: &str) {
        if let Some(notice) = proxy.notice(base_url) {
            self.note(&notice);
        }
        // There is one client, and so one proxy.
        let _ = self.proxy.set(proxy);
    }

    /// Counts a flag that is in flight from `now` on.
    pub(crate) fn flag_started(&self, now: Instant) {
        self.first_url.get_or_init(|| now);
        self.count_work();
        self.in_flight.one_more();
    }

    /// Counts what the calling thread has worked, up to now.
    pub(crate) fn count_work(&self) {
        self.cpu_time.count();
    }

    /// Runs what writes to the destination.
    ///
    /// A read-write lock fits although nothing is read: any number of flags may be saved
    /// at the same time, and Ctrl-C waits for all of them and lets no further one begin.
    pub(crate) fn write<T>(&self, write: impl FnOnce() -> T) -> T {
        let _permission = self.saving.read().unwrap_or_else(PoisonError::into_inner);
        write()
    }

    /// Shows a flag that has been downloaded.
    pub(crate) fn show(&self, code: CountryCode) {
        let mut state = self.lock();
        if let Some(place) = state.to_show.iter().position(|&saved| saved == code) {
            state.to_show.swap_remove(place);
        }
        state.streams.show(code);
    }

    /// Counts a flag whose download is over, whether it was saved or not.
    pub(crate) fn flag_ended(&self, stamps: Stamps) {
        self.count_work();
        if stamps.started.is_some() {
            self.in_flight.one_less();
        }
        let mut guard = self.lock();
        let State { streams, record, to_show, .. } = &mut *guard;
        let (code, outcome) = (stamps.code, stamps.outcome);
        record.add(stamps);
        match outcome {
            Outcome::Downloaded => to_show.push(code),
            _ => streams.count_failure(record.not_found, record.failed),
        }
    }

    /// Tells why a flag was not downloaded.
    pub(crate) fn report(
        &self,
        code: CountryCode,
        url: &str,
        error: &(dyn Error + 'static),
    ) {
        let mut guard = self.lock();
        let State { streams, record, .. } = &mut *guard;
        let known = error.downcast_ref::<FlagError>();
        let kind = known.map_or_else(|| error.to_string(), FlagError::kind);
        let has_line = record.failures.add(code, &kind);
        if has_line || streams.style() == Style::Lines {
            streams.note(format_args!("{code} {error}: {url}"));
        }
        let outcome = match known {
            Some(FlagError::NotFound) => Outcome::NotFound,
            Some(FlagError::TimedOut) => Outcome::TimedOut,
            Some(FlagError::Abandoned) => Outcome::GivenUp,
            _ => Outcome::Failed,
        };
        record.timeline.add_reason(code, outcome, error.to_string());
        let proxy = self.proxy.get().zip(known);
        let about_proxy = proxy.and_then(|(proxy, error)| proxy.advice(error, url));
        let about_site = || known.and_then(FlagError::advice).map(str::to_owned);
        record.advice.extend(about_proxy.or_else(about_site));
    }

    /// The flags that were given up, and not because of what the site has answered.
    pub(crate) fn abandoned(&self) -> Vec<CountryCode> {
        self.lock().record.timeline.abandoned()
    }

    /// Writes one line to standard output, between those of the flags.
    pub(crate) fn line(&self, line: &str) {
        self.lock().streams.line(line);
    }

    /// Writes one line to standard error.
    pub(crate) fn note(&self, line: &str) {
        self.lock().streams.note(line);
    }

    /// Prints how many flags were downloaded, in which time, and all else that there is
    /// to say and to draw at the end of a run.
    pub(crate) fn print_summary(&self, count: usize, elapsed: Duration) {
        let mut state = self.lock();
        self.write_report(&mut state, count, elapsed);
        self.tell_site(&state.record, elapsed);
    }

    /// 0 when nothing has failed, else 1.
    pub(crate) fn exit_status(&self) -> ExitCode {
        let State { record, output_is_whole, .. } = &*self.lock();
        let failed = record.failed > 0 || record.found_nothing() || !output_is_whole;
        ExitCode::from(u8::from(failed))
    }

    /// Waits for the flags that are being saved, and reports on the run as far as it
    /// came before this `cause` ended it. From then on, until the program ends, no flag
    /// is saved or shown.
    pub(crate) fn stop(&self, cause: &str) {
        let no_more_saving = self.saving.write().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.lock();
        if !state.reported {
            for code in mem::take(&mut state.to_show) {
                state.streams.show(code);
            }
            let downloaded = state.record.downloaded;
            let elapsed = state.record.timeline.began().elapsed();
            self.write_report(&mut state, downloaded, elapsed);
            let ended = downloaded + state.record.not_found + state.record.failed;
            state.streams.note(match (self.flags.saturating_sub(ended), self.flags) {
                (0, _) => format!("{cause} before the run was over"),
                (left, all) => format!("{cause} before {left} of {all} flags were done"),
            });
            self.tell_site(&state.record, elapsed);
        }
        mem::forget((no_more_saving, state));
    }

    fn write_report(&self, state: &mut State, count: usize, elapsed: Duration) {
        let State { streams, record, reported, output_is_whole, .. } = state;
        *reported = true;
        let report = FinalReport {
            record,
            pictures: &self.pictures,
            destination: &self.destination,
            steps: self.steps.get().map(AsRef::as_ref),
            count,
            elapsed,
            largest_in_flight: self.in_flight.largest(),
            cpu_time: self.cpu_time.total(),
        };
        *output_is_whole = report.write(streams);
    }

    /// Tells the site how this program worked, when all has been said to its user.
    fn tell_site(&self, record: &Record, elapsed: Duration) {
        if let (Some(site), Some(&began)) = (self.live_report.get(), self.first_url.get())
        {
            let span = (began, record.timeline.began() + elapsed);
            let cpu = self.cpu_time.total();
            site.send(&live_report::report(&record.timeline, span, cpu));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::download::site::Server;
    use crate::testing::{Page, flag, recorder};

    impl Recorder {
        /// The stamps of the only flag that has ended.
        pub(crate) fn only_stamps(&self) -> Stamps {
            let state = self.lock();
            let stamps = state.record.timeline.in_order_of_start();
            let &[stamps] = stamps.as_slice() else { panic!("{stamps:?}") };
            stamps.clone()
        }
    }

    #[test]
    fn a_failure_is_told_with_its_code_cause_and_address_and_advice_only_once() {
        let page = Page::default();
        let recorder = recorder(2, Style::Codes, &page);
        for country in ["US", "ID"] {
            let flag = flag(country, &recorder);
            recorder.report(flag.code(), flag.url(), &FlagError::TimedOut);
        }
        recorder.print_summary(0, Duration::from_millis(1314));
        let text = page.text();
        let expected = "US timed out: http://site/flags/us/us.gif\n\
            ID timed out: http://site/flags/id/id.gif\n\
            0 flags downloaded in 1.31s\n\
            2 errors\n\
            hint: ";
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(text.matches("--timeout").count(), 1, "{text}");
    }

    #[test]
    fn a_run_that_is_stopped_shows_and_counts_what_is_on_the_disk() {
        let page = Page::default();
        let recorder = recorder(4, Style::Codes, &page);
        let [shown, saved, failed, in_flight] =
            ["BR", "CN", "ID", "IN"].map(|country| flag(country, &recorder));
        for flag in [&shown, &saved, &failed, &in_flight] {
            let _ = flag.url();
        }
        for flag in [&shown, &saved] {
            flag.save(|| Ok(())).unwrap();
        }
        recorder.show(shown.code());
        drop(failed);
        recorder.stop("interrupted");
        let text = page.text();
        assert!(text.starts_with("BR CN\n2 flags downloaded in "), "{text}");
        assert!(text.contains("\n1 error\n"), "{text}");
        let end = "interrupted before 1 of 4 flags were done\n";
        assert!(text.ends_with(end), "{text}");
        // Whoever drops it now waits until the program ends.
        mem::forget(in_flight);
    }

    #[test]
    fn a_run_that_is_stopped_is_told_to_the_site_after_all_else() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/flags", listener.local_addr().unwrap());
        let page = Page::default();
        let recorder = recorder(1, Style::Codes, &page);
        let site = Server::Url(url.clone()).open(None).unwrap();
        recorder.begin(&site, LiveReport::to(&url));
        let flag = flag("BR", &recorder);
        let _ = flag.url();
        let site = thread::spawn({
            let page = page.clone();
            move || {
                let (stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
                let first = lines.next().unwrap();
                let length = lines.find_map(|line| {
                    line.strip_prefix("content-length: ")?.parse::<usize>().ok()
                });
                (first, length, page.text())
            }
        });
        recorder.stop("interrupted");
        let (first, length, said) = site.join().unwrap();
        assert_eq!(first, "POST /live/report HTTP/1.1");
        assert!(length.is_some_and(|length| length > 20), "{length:?}");
        assert!(said.ends_with("interrupted before 1 of 1 flags were done\n"), "{said}");
        mem::forget(flag);
    }

    #[test]
    fn a_flag_that_cannot_be_saved_has_failed() {
        let recorder = recorder(1, Style::Codes, &Page::default());
        flag("BR", &recorder).save(|| Err(FlagError::TimedOut)).unwrap_err();
        let state = recorder.lock();
        assert_eq!((state.record.downloaded, state.record.failed), (0, 1));
        assert!(state.to_show.is_empty());
    }
}
