//! What every downloader promises, tested on the real program.
//!
//! The tests of a program include this module and have beside it which program it is: its
//! `PROGRAM`, `NAME`, `MAX_CONCURRENCY` and `THREADS`. Where a crate has several
//! programs, each has a file of its own with them, in one test binary. The tests of a
//! lesson include more: `faults.rs`, `frame.rs`, `pictures.rs` and `verbose.rs`, which
//! test what `flags_common::main` does in all programs alike, and `client.rs`, if its
//! HTTP client has what is tested there.

#[path = "../../../flags-server/tests/support/ctrl_c.rs"]
pub(crate) mod ctrl_c;
#[path = "../limit/mod.rs"]
pub(crate) mod limit;
#[allow(dead_code, reason = "not all programs include the tests that need all of it")]
pub(crate) mod program;
#[allow(dead_code, reason = "not all programs include the tests that need all of it")]
pub(crate) mod raw_site;
#[allow(dead_code, reason = "not all programs include the tests that need all of it")]
pub(crate) mod site;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use self::program::{Program, Report};
use self::raw_site::{Closing, RawSite};
use self::site::{Answer, Site, gif};
use super::{MAX_CONCURRENCY, NAME, PROGRAM, THREADS};

/// Much more than the half second that Ctrl-C may take, for a machine that is busy, and
/// much less than the minute after which the run would end by itself.
const SOON: Duration = Duration::from_secs(30);

/// On how many threads a program waits for its flags.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "a program is of one kind")]
pub(crate) enum Threads {
    One,
    OneForEachInFlight,
    OneForEachFlag,
}

impl Threads {
    /// Their number in a run of so many flags, so many of which are in flight at once.
    pub(crate) fn number(self, flags: usize, at_once: usize) -> usize {
        match self {
            Self::One => 1,
            Self::OneForEachInFlight => at_once,
            Self::OneForEachFlag => flags,
        }
    }
}

#[test]
fn it_downloads_the_20_flags_of_the_embedded_site() {
    let mut program = Program::new(&["-s", "LOCAL"]);
    let report = program.run();
    let [codes, result] = report.lines()[..] else { panic!("{}", report.stdout) };
    let mut codes: Vec<&str> = codes.split(' ').collect();
    codes.sort_unstable();
    let expected = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";
    assert_eq!(codes.join(" "), expected);
    assert!(result.starts_with("20 flags downloaded in "), "{result}");
    assert_eq!(report.stderr, "");
    assert_eq!(report.status, Some(0));
    let files: Vec<String> = codes.iter().map(|code| format!("{code}.gif")).collect();
    assert_eq!(program.files(), files);
    let image = fs::read(program.destination().join("BR.gif")).unwrap();
    assert!(image.starts_with(b"GIF8"));
}

#[test]
fn it_keeps_as_many_in_flight_as_it_is_told() {
    // The site answers in groups of that size, so fewer would wait for ever.
    let most = MAX_CONCURRENCY.min(13);
    let site = Site::with_gate(&[], most);
    let most_text = most.to_string();
    let arguments = ["-s", &site.url, "-m", &most_text, "-v", "-e", "-l", "26"];
    let report = Program::new(&arguments).run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert_eq!(site.largest_in_flight(), most);
    let numbers = site.headers("flags-thread").into_iter().map(|number| {
        let number = number.expect("each request tells it");
        number.parse::<usize>().unwrap()
    });
    let numbers: BTreeSet<_> = numbers.collect();
    assert!(numbers.into_iter().eq(1..=THREADS.number(26, most)));
    let threads = match THREADS.number(26, most) {
        1 => "1 thread".to_owned(),
        threads => format!("{threads} threads"),
    };
    let waited = format!("At most {most} in flight at once, on {threads}.");
    assert!(report.lines().contains(&waited.as_str()), "{}", report.stdout);
    let others = report.line_of("Other threads: ");
    assert!(others.ends_with("1 waited for Ctrl-C."), "{others}");
    assert!(!others.contains("embedded site"), "{others}");
}

#[test]
fn every_error_is_named_with_its_code_cause_and_address_and_stops_nothing() {
    let errors = [
        ("AA", Answer::Status(404), "not found"),
        ("AB", Answer::Status(418), "HTTP status 418"),
        ("AC", Answer::Status(500), "HTTP status 500"),
        ("AD", Answer::Html, "not a GIF image"),
        ("AE", Answer::Truncated, "truncated"),
        ("AF", Answer::Nothing, "truncated"),
        ("AG", Answer::Drip, "timed out"),
        ("AH", Answer::Never, "timed out"),
        ("AK", Answer::Gif((1 << 20) + 1), "larger than 1 MiB"),
        ("AL", Answer::ChunkedGif((1 << 20) + 1), "larger than 1 MiB"),
        ("AM", Answer::Gif(5), "not a GIF image"),
    ];
    let lower_case = |code: &'static str| -> &'static str { code.to_lowercase().leak() };
    let answers = errors.map(|(code, answer, _)| (lower_case(code), answer));
    let site = Site::new(&answers);
    let arguments = ["-s", &site.url, "--timeout", "1s", "a", "b"];
    let mut program = Program::new(&arguments);
    let report = program.run();
    for (code, _, cause) in errors {
        let line = report.error_of(code);
        let lower_case = code.to_lowercase();
        let url = format!("{}/{lower_case}/{lower_case}.gif", site.url);
        assert!(line.contains(cause), "{line}");
        assert!(line.ends_with(&url), "{line}");
    }
    let lines = report.lines();
    let (failed, done) = (errors.len() - 1, 52 - errors.len());
    assert!(lines[1].starts_with(&format!("{done} flags downloaded in ")), "{lines:?}");
    assert_eq!(lines[2..], ["1 not found".to_owned(), format!("{failed} errors")]);
    assert_eq!(program.files().len(), done);
    program.assert_files_are_whole();
    assert_eq!(report.status, Some(1));
}

#[test]
fn no_flag_is_lost_when_kept_connections_are_closed_as_a_request_comes() {
    for (closing, at_once) in [
        (Closing::AfterRequest, 5),
        (Closing::AmidRequest, 5),
        // Of an answer reqwest does not tell by which connection it has come, and so it
        // asks only once more: with several, the next one could be closed as well.
        (Closing::With408, 1),
    ] {
        let site = RawSite::closing(closing, gif(2500));
        let at_once = MAX_CONCURRENCY.min(at_once).to_string();
        let arguments = ["-s", &site.url, "-m", &at_once, "--timeout", "100s", "a", "b"];
        let mut program = Program::new(&arguments);
        let report = program.run();
        assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
        assert_eq!(program.files().len(), 52);
        program.assert_files_are_whole();
        let has_met_it = site.unanswered() > 0;
        assert_eq!(has_met_it, NAME != "event-loop", "which keeps no connections");
    }
}

#[test]
fn wrong_usage_is_explained_and_ends_with_status_2() {
    let too_many = (MAX_CONCURRENCY + 1).to_string();
    let allowed = match MAX_CONCURRENCY {
        1 => "--max-req takes only 1 here".to_owned(),
        most => format!("--max-req takes a whole number from 1 to {most}"),
    };
    for (arguments, explanation) in [
        (&["--fast"][..], "--fast"),
        (&["BRA"], "one or two letters"),
        (&["-m", &too_many, "-s", "REMOTE"], &allowed),
        (&["-m", "0"], "--max-req takes a whole number from 1 on, like 30, not '0'"),
        (
            &["-m", "many"],
            "--max-req takes a whole number from 1 on, like 30, not 'many'",
        ),
        (&["--repeat", "0"], "--repeat takes a whole number from 1 on, like 10, not '0'"),
        (&["--waterfall", "flags.png"], ".svg"),
        (&["-l", "x"], "--limit takes a whole number from 1 on, like 20, not 'x'"),
        (&["--seed", "x"], "--seed takes a whole number from 0 on, like 42, not 'x'"),
        (&["-s", "MOON"], "--server takes LOCAL, DELAY, ERROR, BOOK, OVERLOAD, REMOTE"),
        (&["-s", "http://host:80900/flags"], "a port is a number from 1 to 65535"),
        (&["-s", "ftp://host/flags"], "only http and https"),
        (&["--timeout", "0"], "--timeout takes a time above 0, of a day at most"),
        (&["--timeout", "never"], "like 6.1s or 200ms, not 'never'"),
        (&["--har", "run.har", "--waterfall", "run.svg", "--dest", "./run.har"], "same"),
        (&["--waterfall", "x.svg", "--har", "./x.svg"], "name the same file"),
        (&["--name", "two\nlines"], "--name"),
    ] {
        let mut program = Program::new(arguments);
        let report = program.run();
        assert!(!report.stderr.contains("invalid digit"), "{}", report.stderr);
        assert_eq!(report.status, Some(2), "{arguments:?}");
        assert!(report.stderr.contains(explanation), "{}", report.stderr);
        assert_eq!(report.stdout, "");
        assert!(!program.destination().exists(), "{arguments:?} left something behind");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn threads_or_files_that_the_system_refuses_are_a_message_and_no_panic() {
    // Each thread reserves a gigabyte, so that some of them can be started, and not all.
    let gigabytes = |number| format!("ulimit -v {number}000000; export RUST_MIN_STACK");
    let limits = (1..=6).map(gigabytes).chain([6, 9, 14, 23].map(|files| {
        // Fewer than the shell itself needs are no test of this program.
        format!("ulimit -n {files}")
    }));
    for limit in limits {
        let limit = format!("RUST_MIN_STACK=1000000000; {limit}");
        let mut program = Program::limited(&limit, &["-s", "LOCAL"]);
        let report = program.run();
        let (stderr, status) = (&report.stderr, report.status);
        assert!(!stderr.contains("panic"), "{limit}: {stderr}");
        assert!(!stderr.contains("os error"), "{limit}: {stderr}");
        match status {
            Some(0) => assert_eq!(program.files().len(), 20, "{limit}: {stderr}"),
            Some(1) => assert!(!stderr.is_empty(), "{limit}"),
            _ => panic!("{limit}: {status:?} {stderr}"),
        }
        if limit.contains("-n") {
            assert!(stderr.contains("`ulimit -n`"), "{limit}: {stderr}");
            assert_eq!(status, Some(1), "{limit}");
        }
    }
}

#[test]
fn help_names_the_program_and_every_option() {
    let report = Program::new(&["--help"]).run();
    let first = report.stdout.lines().next().unwrap_or_default();
    assert!(first.starts_with("Downloads flags ") && !first.ends_with("saves them"));
    assert!(report.stdout.lines().all(|line| line.chars().count() <= 80));
    assert!(report.stdout.contains(&format!("Usage: {NAME}")));
    for option in [
        "--all",
        "--every",
        "--limit",
        "--max-req",
        "--server",
        "--verbose",
        "--dest",
        "--seed",
        "--timeout",
        "--name",
        "--repeat",
        "--waterfall",
        "--har",
    ] {
        assert!(report.stdout.contains(option), "{option}:\n{}", report.stdout);
    }
    assert_eq!(report.status, Some(0));
}

#[test]
fn a_reader_that_leaves_early_costs_no_flag() {
    let site = Site::new(&[]);
    let mut program = Program::new(&["-s", &site.url, "-a", "-v"]);
    let mut child = program.start();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let report = Report::from(child);
    assert_eq!(report.stderr.lines().count(), 1, "its number: {}", report.stderr);
    assert_eq!(report.status, Some(0));
    assert_eq!(program.files().len(), 194);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let mut program = Program::new(&["-s", "LOCAL", "BR"]);
    program.command.stdout(fs::File::create("/dev/full").unwrap());
    let report = program.run();
    assert!(report.stderr.contains("cannot write to standard output"));
    assert_eq!(report.status, Some(1));
    assert_eq!(program.files(), ["BR.gif"]);
}

#[test]
fn ctrl_c_ends_the_run_at_once_with_a_report_and_whole_files() {
    let this = ctrl_c_ends_the_run_at_once_with_a_report_and_whole_files;
    if ctrl_c::has_passed_on_its_own_console(this) {
        return;
    }
    let at_once = MAX_CONCURRENCY.min(8).to_string();
    for moment in [1, 2, 3, 5, 9, 17, 33, 65, 97, 129, 161, 190] {
        // One request near the end is never answered, so that the run cannot be over.
        let site = Site::new(&[("za", Answer::Never)]);
        let arguments = ["-s", &site.url, "-a", "-m", &at_once, "--har", "run.har"];
        let mut program = Program::new(&arguments);
        program.command.args(["--timeout", "60s"]);
        let child = program.start();
        site.wait_for_requests(moment);
        let pressed = Instant::now();
        ctrl_c::press(&child);
        let report = Report::from(child);
        assert!(pressed.elapsed() < SOON, "{:?}", pressed.elapsed());
        assert_eq!(report.status, Some(130), "{}", report.stderr);
        assert!(report.stderr.contains("interrupted before "), "{}", report.stderr);
        program.assert_files_are_whole();
        let files = program.files().len();
        let plural = if files == 1 { "" } else { "s" };
        let result = format!("{files} flag{plural} downloaded in ");
        assert!(report.stdout.contains(&result), "{files} files, but {}", report.stdout);
        assert_eq!(program.archived(), files, "what was done is archived, too");
    }
}
