//! A run of a program: how it begins, and how it ends.

use std::ffi::OsString;
use std::fs;
use std::future;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use flags_common::program::in_words;
use flags_server::{SeenRequest, WatchedServer};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::runtime;
use tokio::time::{sleep, timeout};

use super::Program;
use super::ctrl_c::press_ctrl_c;
use super::group::Group;
use super::output::{files_in, text_of};
use super::stop::Stop;
use crate::observe::FACTS;
use crate::run::Run;
use crate::sentence;
use crate::sentence::Sentence;
use crate::site::{MIRROR, SITE};

/// How long a program may take unless the check says otherwise. What the checks ask for
/// takes a second or two, so this is for programs that never end, on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// How often the site is asked whether the moment for Ctrl-C has come.
const PAUSE: Duration = Duration::from_millis(5);

/// How long the site may take to notice that a program which has ended is gone.
const NOTICE: Duration = Duration::from_secs(10);

/// What the reader's shell may say that would change what a program does.
const NOT_INHERITED: [&str; 12] = [
    MIRROR,
    SITE,
    "FLAGS_NAME",
    "RUST_BACKTRACE",
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "https_proxy",
    "http_proxy",
    "no_proxy",
];

/// When Ctrl-C is pressed: as soon as this is true of what the site has seen.
type Moment = Box<dyn Fn(&[SeenRequest]) -> bool>;

/// A run that is about to begin.
#[must_use = "it begins with `run`"]
pub(crate) struct Start<'a> {
    program: &'a Program,
    site: Option<&'a WatchedServer>,
    mirror: Option<&'a WatchedServer>,
    arguments: Vec<OsString>,
    limit: Duration,
    interrupt: Option<Moment>,
}

impl<'a> Start<'a> {
    pub(super) fn new(program: &'a Program, site: Option<&'a WatchedServer>) -> Self {
        Self {
            program,
            site,
            mirror: None,
            arguments: Vec::new(),
            limit: LIMIT,
            interrupt: None,
        }
    }

    /// With another site that has the same flags.
    pub(crate) fn mirrored_by(self, mirror: &'a WatchedServer) -> Self {
        Self { mirror: Some(mirror), ..self }
    }

    /// With these arguments on its command line.
    pub(crate) fn arguments<A: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// With another limit of time than 30 seconds.
    pub(crate) fn limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// With Ctrl-C as soon as `moment` is true of what the site has seen.
    pub(crate) fn interrupted(
        self,
        moment: impl Fn(&[SeenRequest]) -> bool + 'static,
    ) -> Self {
        Self { interrupt: Some(Box::new(moment)), ..self }
    }

    /// Runs the program to its end, in an empty folder of its own.
    ///
    /// # Errors
    ///
    /// A sentence for the reader when it does not end in time or cannot be run at all.
    pub(crate) fn run(self) -> Result<Run, Sentence> {
        let limit = self.limit;
        let run = self.try_run().map_err(|error| {
            let error = in_words(&error);
            sentence!(
                "The check itself failed, and not your program: {error}.",
                "프로그램이 아니라 검사 자체가 실패했습니다: {error}."
            )
        })?;
        run.ok_or_else(|| {
            let seconds = limit.as_secs();
            sentence!(
                "It was still running after {seconds} s, and has been stopped. \
                 What does it wait for?",
                "{seconds}초가 지나도 끝나지 않아서 검사가 프로그램을 끝냈습니다. \
                 프로그램은 무엇을 기다리고 있을까요?"
            )
        })
    }

    /// `None` when its time was up. Nothing of it is left when this returns.
    fn try_run(self) -> io::Result<Option<Run>> {
        let mut stop = Stop::listen();
        let folder = tempfile::Builder::new().prefix("exercise-").tempdir()?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let run = runtime.block_on(self.run_in(&folder, &mut stop));
        drop(folder);
        stop.has_left_nothing();
        run
    }

    async fn run_in(self, folder: &TempDir, stop: &mut Stop) -> io::Result<Option<Run>> {
        let facts = folder.path().join("facts");
        let working_folder = folder.path().join("work");
        fs::create_dir(&working_folder)?;
        let began = Instant::now();
        let (mut child, group) =
            Group::start(&mut self.command(&working_folder, &facts))?;
        let stdout = child.stdout.take().expect("it is a pipe");
        let stderr = child.stderr.take().expect("it is a pipe");
        let to_the_end = async {
            let (status, stdout, stderr) =
                tokio::join!(self.wait_for(&mut child), text_of(stdout), text_of(stderr));
            io::Result::Ok((status?, Instant::now(), stdout?, stderr?))
        };
        let ended = tokio::select! {
            ended = timeout(self.limit, to_the_end) => ended.ok(),
            () = stop.asked() => None,
        };
        let Some(ended) = ended else {
            // It may have ended and left another that holds its output.
            if child.id().is_some() {
                // And waited for: Windows removes no folder that somebody works in.
                child.kill().await?;
            }
            return Ok(None);
        };
        let (status, ended, stdout, stderr) = ended?;
        drop(group);
        let requests = ended_requests(self.site).await?;
        let mirror_requests = ended_requests(self.mirror).await?;
        Ok(Some(Run {
            status: status.code(),
            stdout,
            stderr,
            began,
            ended,
            requests,
            mirror_requests,
            files: files_in(&working_folder)?,
            facts: fs::read_to_string(facts).unwrap_or_default(),
        }))
    }

    fn command(&self, folder: &Path, facts: &Path) -> Command {
        let mut command = Command::new(&self.program.executable);
        for variable in NOT_INHERITED {
            command.env_remove(variable);
        }
        for (variable, site) in [(SITE, self.site), (MIRROR, self.mirror)] {
            if let Some(site) = site {
                command.env(variable, site.url());
            }
        }
        command
            .args(&self.arguments)
            .envs(self.program.environment.iter().map(|(name, value)| (name, value)))
            .env(FACTS, facts)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Waits for the end of the program, and presses Ctrl-C when it is the moment.
    async fn wait_for(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let process = child.id();
        let moment = async {
            let (Some(moment), Some(site)) = (&self.interrupt, self.site) else {
                return future::pending().await;
            };
            while !moment(&site.requests()) {
                sleep(PAUSE).await;
            }
        };
        tokio::select! {
            status = child.wait() => return status,
            () = moment => press_ctrl_c(process)?,
        }
        child.wait().await
    }
}

/// What a site has seen, once it knows what has become of each request.
async fn ended_requests(site: Option<&WatchedServer>) -> io::Result<Vec<SeenRequest>> {
    match site {
        Some(site) => site.ended_requests(NOTICE).await,
        None => Ok(Vec::new()),
    }
}
