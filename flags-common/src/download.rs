//! The frame around every downloader: get ready, download, report.

mod about;
pub(crate) mod command_line;
mod concurrency;
pub(crate) mod error;
pub(crate) mod flag;
mod gif;
pub(crate) mod job;
mod live_report;
pub(crate) mod proxy;
pub(crate) mod recorder;
pub(crate) mod run_name;
pub(crate) mod save;
pub(crate) mod site;
pub(crate) mod url;

use std::io::{self, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use flags_server::CountryCode;

use self::command_line::{Arguments, Defaults};
use self::concurrency::Circumstances;
use self::error::FlagError;
use self::job::Job;
use self::live_report::LiveReport;
use self::recorder::Recorder;
use self::run_name::RunName;
use self::url::without_user;
use crate::program;
use crate::report::output_file::OutputFileError;
use crate::report::streams::{Screen, Streams, Style, plural};

/// Runs a downloader as the command line says: gets the site and the destination ready,
/// calls `download_many`, and reports on what it did and how long it took. Without any
/// option it is the flags of the 20 most populous countries, at most `concurrency` of
/// them at once.
///
/// The exit status is 0 when nothing failed, 1 when something did or no flag was found, 2
/// when the command line is wrong, 130 after Ctrl-C, and likewise 128 and the number of
/// the signal after any other that ends the program.
pub fn main(download_many: impl FnOnce(&Job) -> usize, concurrency: usize) -> ExitCode {
    main_with(download_many, Defaults { flags: 20, concurrency })
}

/// Like [`main`], for an example that watches its own steps ([`Job::show_at_end`]): it
/// has the option `--steps`, which draws them.
pub fn main_with_steps(
    download_many: impl FnOnce(&Job) -> usize,
    concurrency: usize,
) -> ExitCode {
    let defaults = Defaults { flags: 20, concurrency };
    main_of(download_many, defaults, &Arguments::read_with_steps(&defaults))
}

/// Like [`main`], for an example that has another number of flags to show.
pub fn main_with(
    download_many: impl FnOnce(&Job) -> usize,
    defaults: Defaults,
) -> ExitCode {
    main_of(download_many, defaults, &Arguments::read(&defaults))
}

fn main_of(
    download_many: impl FnOnce(&Job) -> usize,
    defaults: Defaults,
    arguments: &Arguments,
) -> ExitCode {
    let run = || run(download_many, defaults, arguments).unwrap_or_else(program::fail);
    // A panic has been told, and what was done before it.
    catch_unwind(AssertUnwindSafe(|| program::guarded(run))).unwrap_or(ExitCode::FAILURE)
}

/// The open files that one download needs in any example, with the site in the program.
const FEWEST_FILES: u64 = 24;

/// Why no flag could even be tried.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(
        "cannot write to the folder {}: {cause}; --dest names another", folder.display()
    )]
    Destination { folder: PathBuf, cause: io::Error },
    #[error("{0}; choose a file that can be written")]
    OutputFile(#[from] OutputFileError),
    #[error(
        "this system's limit of {0} open files leaves no room for a download, which \
         takes {FEWEST_FILES}; `ulimit -n` raises it"
    )]
    FewFiles(u64),
    #[error("cannot start the embedded site: {}", program::in_words(.0))]
    Site(io::Error),
    #[error(transparent)]
    CtrlC(io::Error),
}

fn run(
    download_many: impl FnOnce(&Job) -> usize,
    defaults: Defaults,
    arguments: &Arguments,
) -> Result<ExitCode, StartError> {
    let countries = arguments.codes(&defaults);
    let number = arguments.number(countries.len());
    let pictures = arguments.pictures()?;
    let streams = streams(number, arguments.verbose, pictures.take_stdout());
    let recorder =
        Arc::new(Recorder::new(number, arguments.dest.clone(), streams, pictures));
    let on_ctrl_c = Arc::clone(&recorder);
    program::end_on_ctrl_c(move |stop| on_ctrl_c.stop(stop.words()))
        .map_err(StartError::CtrlC)?;

    let destination = arguments.dest.clone();
    recorder.write(|| save::prepare(&destination)).map_err(|cause| {
        StartError::Destination { folder: destination.clone(), cause }
    })?;
    let open_files = flags_server::raise_open_file_limit();
    if let Some(few) = open_files.filter(|&limit| limit < FEWEST_FILES) {
        // With fewer, some example would panic, and some wait for its site in vain.
        return Err(StartError::FewFiles(few));
    }
    let site = arguments.server.open(arguments.seed).map_err(StartError::Site)?;
    let circumstances = Circumstances {
        flags: number,
        asked: arguments.max_req,
        site_is_loopback: arguments.server.is_loopback(),
        site_is_embedded: site.is_embedded(),
        open_files,
    };
    let (concurrency, notices) = concurrency::choose(&defaults, &circumstances);
    for notice in notices {
        recorder.note(&notice);
    }
    if arguments.seed.is_some() && !site.is_embedded() {
        recorder.note("note: --seed is for the embedded site, and no other heeds it");
    }
    // The embedded site has no page, and ends with the run.
    let live_report =
        if site.is_embedded() { None } else { LiveReport::to(&site.base_url) };
    if live_report.is_some() && (arguments.verbose || io::stderr().is_terminal()) {
        recorder.note(&who_this_is(arguments.name.as_ref()));
    }

    let job = Job {
        countries,
        number,
        base_url: site.base_url.clone(),
        destination,
        concurrency,
        timeout: arguments.timeout,
        name: arguments.name.clone(),
        is_verbose: arguments.verbose,
        recorder: Arc::clone(&recorder),
    };
    if arguments.verbose {
        announce(&job, &site.name);
    }
    recorder.begin(&site, live_report);
    let _report = ReportOnPanic(&job);

    let began = Instant::now();
    let count = download_many(&job);
    recorder.print_summary(count, began.elapsed());

    Ok(recorder.exit_status())
}

/// Standard output and standard error as they are here. Where a file is written to
/// standard output, all else goes to standard error.
fn streams(flags: usize, verbose: bool, stdout_is_taken: bool) -> Streams {
    let (stdout, stdout_is_screen): (Box<dyn Write + Send>, _) = if stdout_is_taken {
        (Box::new(io::stderr()), io::stderr().is_terminal())
    } else {
        (Box::new(program::stdout()), io::stdout().is_terminal())
    };
    let screen = Screen::new(stdout_is_screen, io::stderr().is_terminal());
    let style = Style::for_run(flags, verbose, screen);
    Streams::new(stdout, io::stderr(), screen, style)
}

/// By what to find this run among others. Not every site is one of ours and has a page.
fn who_this_is(name: Option<&RunName>) -> String {
    let run = program::run();
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    format!("note: on the page of a flags-server this is run {run}{name}")
}

/// The first lines of a verbose run, as in the book's flags2 (*Fluent Python*, 1st ed.,
/// section 17.5).
fn announce(job: &Job, site: &str) {
    let connections = plural(job.concurrency, "connection");
    job.println(format_args!("{site}: {}", without_user(&job.base_url)));
    job.println(searching_for(job.number, &job.countries));
    job.println(format_args!(
        "{} concurrent {connections} will be used.",
        job.concurrency
    ));
}

/// The line that names the flags: all of them up to ten, else the first and the last.
fn searching_for(number: usize, codes: &[CountryCode]) -> String {
    let names = match codes {
        [first, .., last] if codes.len() > 10 => format!("from {first} to {last}"),
        _ => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    format!("Searching for {number} {}: {names}", plural(number, "flag"))
}

/// Tells what was done so far, and which flags were given up, when `download_many` itself
/// panics: on its way out, since no code after it runs.
struct ReportOnPanic<'a>(&'a Job);

impl Drop for ReportOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let Self(job) = self;
            for code in job.recorder.abandoned() {
                job.report(code, &FlagError::Abandoned);
            }
            let lacks_something = program::are_exhausted();
            job.recorder.stop(if lacks_something { "ended" } else { "ended by a panic" });
        }
    }
}
