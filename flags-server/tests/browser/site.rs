//! The site, and clients that look like the downloaders.
//!
//! The downloaders are crates of their own that this one does not import, so that each
//! can be built without the other. What the site knows of a client is its name and when
//! it asks for what, and that is imitated here.

use std::collections::VecDeque;
#[cfg(unix)]
use std::process::Command;
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use flags_server::{CountryCode, FlagFile};
use serde_json::Value;

use crate::support::client::Client;
use crate::support::program::Program;

/// The flags that the downloaders get unless told otherwise.
pub(crate) const TWENTY: [&str; 20] = [
    "cn", "in", "us", "id", "br", "pk", "ng", "bd", "ru", "jp", "mx", "ph", "vn", "et",
    "eg", "de", "ir", "tr", "cd", "fr",
];

/// A running site. It ends when this is dropped.
pub(crate) struct Site {
    program: Program,
}

impl Site {
    /// Most tests need one site only. Unless they say which, it is one that answers at
    /// once.
    pub(crate) fn start(arguments: &str) -> Self {
        let is_one = ["--profile", "--latency"].iter().any(|it| arguments.contains(it));
        let profile = if is_one { "" } else { "--profile LOCAL " };
        Self { program: Program::start(&format!("{profile}{arguments}")) }
    }

    /// The base URL of the flags.
    pub(crate) fn url(&self) -> &str {
        &self.program.url
    }

    /// A connection to it on which one request follows another.
    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.url())
    }

    /// The address of the live page.
    pub(crate) fn page(&self) -> String {
        self.url().trim_end_matches("flags").to_owned()
    }

    /// Downloads flags with this many workers, each with a connection of its own.
    pub(crate) fn download<'a>(
        &self,
        client: impl Into<As<'a>>,
        codes: &[&str],
        workers: usize,
    ) -> Downloads {
        let code = |code: &&str| CountryCode::new(code).unwrap();
        let file = |code| format!("/flags/{}", FlagFile::Image(code));
        let paths = codes.iter().map(code).map(file);
        self.ask_for(client, paths.collect(), workers)
    }

    /// Asks for paths with this many workers, each with a connection of its own.
    pub(crate) fn ask_for<'a>(
        &self,
        client: impl Into<As<'a>>,
        paths: VecDeque<String>,
        workers: usize,
    ) -> Downloads {
        let paths = Arc::new(Mutex::new(paths));
        // None asks before all are ready, or what shall be at once would be a stair. They
        // are connected before there are threads, so that all of them get that far.
        let connections: Vec<_> = (0..workers).map(|_| self.connect()).collect();
        let barrier = Arc::new(Barrier::new(workers));
        let client = client.into();
        let workers =
            connections.into_iter().enumerate().map(|(index, mut connection)| {
                let (paths, barrier) = (Arc::clone(&paths), Arc::clone(&barrier));
                let headers = client.headers(index);
                let worker = move || {
                    barrier.wait();
                    let next = || paths.lock().unwrap().pop_front();
                    let ask = |path: String| {
                        connection.send(&format!("GET {path} HTTP/1.1\r\n{headers}\r\n"));
                        connection.receive(true).status
                    };
                    std::iter::from_fn(next).map(ask).collect()
                };
                // There are thousands of them, and none calls deeply.
                thread::Builder::new().stack_size(256 * 1024).spawn(worker).unwrap()
            });
        Downloads { workers: workers.collect() }
    }

    /// All that the page is told, as one object.
    pub(crate) fn runs(&self) -> Value {
        let answer = self.connect().get("/live/runs.json");
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Says what a client says of its run at the end. Returns the status.
    pub(crate) fn report(&self, agent: &str, report: &Value) -> u16 {
        let mut connection = self.connect();
        let body = report.to_string();
        let length = body.len();
        connection.send(&format!(
            "POST /live/report HTTP/1.1\r\nHost: flags\r\nUser-Agent: {agent}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        connection.receive(true).status
    }

    /// Stops the process where it stands, or lets it go on, which nobody else notices
    /// but by its silence.
    #[cfg(unix)]
    pub(crate) fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { "-STOP" } else { "-CONT" };
        let process = self.program.child.id().to_string();
        let status = Command::new("kill").args([signal, &process]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until this many requests are in flight.
    pub(crate) fn wait_for_in_flight(&self, number: u64) {
        let in_flight = || -> u64 {
            let runs = self.runs();
            let runs = runs["runs"].as_array().unwrap();
            runs.iter().map(|run| run["inFlight"].as_u64().unwrap()).sum()
        };
        for _ in 0..6000 {
            if in_flight() == number {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{} and not {number} requests are in flight", in_flight());
    }
}

/// What a client says of itself.
#[derive(Clone, Copy, Default)]
pub(crate) struct As<'a> {
    pub(crate) agent: &'a str,
    pub(crate) name: Option<&'a str>,
    /// What its requests say of the threads that send them.
    pub(crate) threads: Threads,
}

#[derive(Clone, Copy, Default)]
pub(crate) enum Threads {
    #[default]
    Untold,
    /// One thread sends them all.
    One,
    /// Each worker is a thread.
    Each,
}

impl<'a, T: AsRef<str> + ?Sized> From<&'a T> for As<'a> {
    fn from(agent: &'a T) -> Self {
        Self { agent: agent.as_ref(), ..Self::default() }
    }
}

impl As<'_> {
    /// The header lines of the requests of a worker.
    fn headers(self, worker: usize) -> String {
        let name = self.name.map(|name| format!("flags-name: {name}\r\n"));
        let thread = match self.threads {
            Threads::Untold => None,
            Threads::One => Some(1),
            Threads::Each => Some(worker + 1),
        };
        let thread = thread.map(|thread| format!("flags-thread: {thread}\r\n"));
        format!(
            "Host: flags\r\nUser-Agent: {}\r\n{}{}",
            self.agent,
            name.unwrap_or_default(),
            thread.unwrap_or_default()
        )
    }
}

/// Downloads that go on. Where they are not awaited, they end with their site.
pub(crate) struct Downloads {
    workers: Vec<JoinHandle<Vec<u16>>>,
}

impl Downloads {
    /// Waits for all of them. Returns the statuses.
    pub(crate) fn wait(self) -> Vec<u16> {
        self.workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    }
}
