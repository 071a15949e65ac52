//! The frame around every downloader: get ready, download, report.

use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use flags_server::CountryCode;

use crate::command_line::Arguments;
use crate::concurrency::{self, Circumstances};
use crate::console::{Console, plural};
use crate::job::Job;
use crate::output_file::OutputFileError;
use crate::program::{self, INTERRUPTED};
use crate::recorder::Recorder;
use crate::save;

/// What a downloader does when the command line does not say otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// How many flags it downloads, beginning with the most populous country.
    pub flags: usize,
    /// How many of them at once.
    pub concurrency: usize,
    /// The most at once that can be asked for.
    pub max: usize,
}

/// How long the report after Ctrl-C may take before the program ends without it, because
/// a disk hangs, say, or nobody reads what it prints.
const GRACE: Duration = Duration::from_millis(400);

/// Runs a downloader as the command line says: gets the site and the destination ready,
/// calls `download_many`, and reports on what it did and how long it took.
///
/// The exit status is 0 when nothing failed, 1 when something did, 2 when the command
/// line is wrong, and 130 after Ctrl-C.
pub fn main(download_many: impl FnOnce(&Job), defaults: Defaults) -> ExitCode {
    match run(download_many, defaults) {
        Ok(status) => status,
        Err(error) => program::fail(error),
    }
}

/// Why no flag could even be tried.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(
        "cannot write to the folder {}: {cause}; --dest names another", folder.display()
    )]
    Destination { folder: PathBuf, cause: io::Error },
    #[error("{0}; choose a file that can be written")]
    Picture(#[from] OutputFileError),
    #[error("cannot start the embedded site: {0}")]
    Site(io::Error),
    #[error("cannot listen for Ctrl-C: {0}")]
    CtrlC(#[from] ctrlc::Error),
}

fn run(
    download_many: impl FnOnce(&Job),
    defaults: Defaults,
) -> Result<ExitCode, StartError> {
    let arguments = Arguments::read(&defaults);
    let codes = arguments.codes(&defaults);
    let number = arguments.number(codes.len());
    let pictures = arguments.pictures()?;
    let console = Console::new(number, arguments.verbose, pictures.take_stdout());
    let recorder = Arc::new(Recorder::new(number, console, pictures));
    report_on_ctrl_c(Arc::clone(&recorder))?;

    let destination = arguments.dest.clone();
    recorder.save(|| save::prepare(&destination)).map_err(|cause| {
        StartError::Destination { folder: destination.clone(), cause }
    })?;
    let open_files = flags_server::raise_open_file_limit();
    let seed = arguments.seed.unwrap_or(flags_server::DEFAULT_SEED);
    let site = arguments.server.open(seed).map_err(StartError::Site)?;
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

    let job = Job {
        codes,
        number,
        base_url: site.base_url.clone(),
        destination,
        concurrency,
        timeout: arguments.timeout,
        recorder: Arc::clone(&recorder),
    };
    if arguments.verbose {
        announce(&job, &site.name);
    }
    recorder.start_clock();
    download_many(&job);
    Ok(recorder.finish())
}

/// The first lines of a verbose run, as in the book's flags2 (*Fluent Python*, 1st ed.,
/// section 17.5).
fn announce(job: &Job, site: &str) {
    let connections = plural(job.concurrency, "connection");
    job.println(format_args!("{site}: {}", job.base_url));
    job.println(searching_for(job.number, &job.codes));
    job.println(format_args!(
        "{} concurrent {connections} will be used.",
        job.concurrency
    ));
}

/// Lets Ctrl-C end the program at any moment, whatever its threads are waiting for.
fn report_on_ctrl_c(recorder: Arc<Recorder>) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || {
        let recorder = Arc::clone(&recorder);
        // On a thread of its own, so that the wait below ends when the report hangs.
        thread::spawn(move || recorder.interrupt());
        thread::sleep(GRACE);
        process::exit(INTERRUPTED.into());
    })
}

/// The line that names the flags: all of them up to ten, else the first and the last.
fn searching_for(number: usize, codes: &[CountryCode]) -> String {
    let names = match codes {
        [first, .., last] if codes.len() > 10 => format!("from {first} to {last}"),
        _ => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    format!("Searching for {number} {}: {names}", plural(number, "flag"))
}
