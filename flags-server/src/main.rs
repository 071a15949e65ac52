//! The flag site as a program of its own: start it once, and any number of clients can
//! download from it, in any language.
//!
//! ```text
//! $ cargo run -p flags-server
//! http://127.0.0.1:8000/flags
//! http://127.0.0.1:8001/flags
//! http://127.0.0.1:8002/flags
//! http://127.0.0.1:8003/flags
//! 8000: LOCAL answers at once
//! 8001: DELAY answers after 500ms to 5s
//! 8002: ERROR answers after 500ms to 5s, 25 % with status 418
//! 8003: BOOK answers after 359ms on average (exponential)
//! Watch: http://localhost:8000/
//! Read: http://localhost:8000/book/
//! Try it: cargo run -p flags-async -- -s http://127.0.0.1:8003/flags
//! Stop it: Ctrl-C
//! ```
//!
//! Only the URLs go to stdout, once all of them can be reached, so that a script can read
//! them. What is meant for people goes to stderr. The page to watch is the same at every
//! port: it shows the requests to all sites as they happen. Beside it is the course, once
//! it has been built.

mod command_line;
mod listen;
mod live;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use flags_server::{ObservedSite, RequestLog, app, raise_open_file_limit, serve};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::command_line::Arguments;
use crate::listen::{base_url, listen, page_url};
use crate::live::{History, Site, SiteRecord, page};

/// The open files that four sites and a client take, and the program itself.
const FEWEST_FILES: u64 = 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Where it stays low, the site serves fewer clients at once, and that is all.
    if let Some(limit) = raise_open_file_limit().filter(|limit| *limit < FEWEST_FILES) {
        let message = format!(
            "flags-server: this system's limit of {limit} open files leaves no room for \
             a client; `ulimit -n` raises it\n"
        );
        write(io::stderr(), &message);
        return ExitCode::FAILURE;
    }
    let started = Runtime::new().and_then(|runtime| {
        let log = arguments.verbose.then(RequestLog::start).transpose()?;
        Ok((runtime, log))
    });
    let (runtime, log) = match started {
        Ok(started) => started,
        Err(error) => {
            write(
                io::stderr(),
                &format!("flags-server: cannot start a thread: {error}\n"),
            );
            return ExitCode::FAILURE;
        }
    };
    let exit_code = runtime.block_on(run_until_ctrl_c(&arguments, log.as_ref()));
    // It ends all requests in flight, of which there are lines to write.
    drop(runtime);
    if let Some(log) = log {
        log.finish();
    }
    exit_code
}

async fn run_until_ctrl_c(arguments: &Arguments, log: Option<&RequestLog>) -> ExitCode {
    // Without this, Ctrl-C would end the program too, but with another status on each
    // system.
    tokio::select! {
        // In this order, so that Ctrl-C is awaited before anybody can read a URL.
        biased;
        Ok(()) = tokio::signal::ctrl_c() => ExitCode::from(130),
        exit_code = run(arguments, log) => exit_code,
    }
}

/// Serves what is asked for; returns only when that is not possible.
async fn run(arguments: &Arguments, log: Option<&RequestLog>) -> ExitCode {
    let (sites, servers) = match start(arguments, log) {
        Ok(started) => started,
        Err(message) => {
            write(io::stderr(), &format!("flags-server: {message}\n"));
            return ExitCode::from(2);
        }
    };
    let urls: Vec<_> = sites.iter().map(|site| site.url.as_str()).collect();
    write(io::stdout(), &(urls.join("\n") + "\n"));
    write(io::stderr(), &explanation(arguments, &sites));
    servers.join_all().await;
    ExitCode::FAILURE
}

/// Starts to serve all sites. Returns what they are, or why one cannot be served.
fn start(
    arguments: &Arguments,
    log: Option<&RequestLog>,
) -> Result<(Vec<Site>, JoinSet<io::Result<()>>), String> {
    let sites = arguments.sites()?;
    let mut listeners = Vec::new();
    let mut shown = Vec::new();
    for site in &sites {
        let at_port = listen(SocketAddr::new(arguments.bind, site.port))?;
        let address = at_port[0].local_addr().map_err(|error| error.to_string())?;
        shown.push(Site {
            name: site.name.clone(),
            behaviour: site.behaviour.to_string(),
            url: base_url(address),
            port: address.port(),
        });
        listeners.push(at_port);
    }

    let history = Arc::new(History::new(shown.clone(), arguments.seed));
    let mut servers = JoinSet::new();
    for (site, at_port) in sites.iter().zip(listeners) {
        let app = app(site.behaviour, arguments.seed);
        let page = page(&site.name, app.clone(), Arc::clone(&history));
        let [app, page] = [app, page].map(|routes| match log {
            Some(log) => log.log(routes),
            None => routes,
        });
        let record = Arc::new(SiteRecord::new(&site.name, &history));
        let observed = ObservedSite::new(app, page, record);
        for listener in at_port {
            servers.spawn(serve(listener, observed.clone()));
        }
    }
    servers.spawn(async move {
        history.publish().await;
        Ok(())
    });
    Ok((shown, servers))
}

/// What people want to know once the sites are served.
///
/// The URLs are on stdout already, which is the same terminal as a rule, so a port is
/// enough here to say which of them is meant.
fn explanation(arguments: &Arguments, sites: &[Site]) -> String {
    let line =
        |Site { name, behaviour, port, .. }: &Site| format!("{port}: {name} {behaviour}");
    let mut lines: Vec<_> = sites.iter().map(line).collect();
    if !arguments.bind.is_loopback() {
        lines.push(
            "WARNING: everybody in this network can reach these sites and the page,\n\
             and see the addresses of all who do."
                .to_owned(),
        );
    }
    if let [first, ..] = sites {
        lines.push(format!("Watch: {}", page_url(&first.url)));
        lines.push(format!("Read: {}book/", page_url(&first.url)));
    }
    if let [.., last] = sites {
        lines.push(format!("Try it: cargo run -p flags-async -- -s {}", last.url));
    }
    lines.push("Stop it: Ctrl-C\n".to_owned());
    lines.join("\n")
}

/// Writes and flushes. Nobody may be there to read it any more, which must not stop
/// the site.
fn write(mut output: impl Write, text: &str) {
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}
