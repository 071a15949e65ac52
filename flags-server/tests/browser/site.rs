//! The program `flags-server`, and clients that look like the downloaders.
//!
//! The downloaders are crates of their own that this one does not import, so that each
//! can be built without the other. What the site knows of a client is its name and when
//! it asks for what, and that is imitated here.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use flags_server::{CountryCode, FlagFile};
use serde_json::Value;

/// The flags that the downloaders get unless told otherwise.
pub(crate) const TWENTY: [&str; 20] = [
    "cn", "in", "us", "id", "br", "pk", "ng", "bd", "ru", "jp", "mx", "ph", "vn", "et",
    "eg", "de", "ir", "tr", "cd", "fr",
];

/// A running site. It is killed when this is dropped, so that none outlives its test.
pub(crate) struct Site {
    program: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Site {
    pub(crate) fn start(arguments: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_flags-server"))
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let mut stdout = BufReader::new(program.stdout.take().unwrap());
        stdout.read_line(&mut url).unwrap();
        let address = url.trim_end().trim_start_matches("http://");
        let address = address.trim_end_matches("/flags").to_owned();
        Self { program, address }
    }

    /// The address of the live page.
    pub(crate) fn page(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Downloads flags with so many workers, each with a connection of its own.
    pub(crate) fn download(
        &self,
        agent: &str,
        codes: &[&str],
        workers: usize,
    ) -> Downloads {
        let code = |code: &&str| CountryCode::new(code).unwrap();
        let file = |code| format!("/flags/{}", FlagFile::Image(code));
        let paths = codes.iter().map(code).map(file);
        self.ask_for(agent, paths.collect(), workers)
    }

    /// Asks for paths with so many workers, each with a connection of its own.
    pub(crate) fn ask_for(
        &self,
        agent: &str,
        paths: VecDeque<String>,
        workers: usize,
    ) -> Downloads {
        let paths = Arc::new(Mutex::new(paths));
        // None asks before all are connected, or what shall be at once would be a stair.
        let barrier = Arc::new(Barrier::new(workers));
        let workers = (0..workers).map(|_| {
            let (paths, barrier) = (Arc::clone(&paths), Arc::clone(&barrier));
            let (agent, address) = (agent.to_owned(), self.address.clone());
            let worker = move || {
                let mut connection = Connection::to(&address);
                barrier.wait();
                let next = || paths.lock().unwrap().pop_front();
                let ask = |path: String| connection.get(&path, &agent).0;
                std::iter::from_fn(next).map(ask).collect()
            };
            // There are thousands of them, and none calls deeply.
            thread::Builder::new().stack_size(256 * 1024).spawn(worker).unwrap()
        });
        Downloads { workers: workers.collect() }
    }

    /// All that the page is told, as one object.
    pub(crate) fn runs(&self) -> Value {
        let (status, body) = Connection::to(&self.address).get("/live/runs.json", "test");
        assert_eq!(status, 200);
        serde_json::from_slice(&body).unwrap()
    }

    /// Waits until so many requests are in flight.
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

impl Drop for Site {
    fn drop(&mut self) {
        // It fails only where the program has ended already.
        let _ = self.program.kill();
        let _ = self.program.wait();
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

/// A connection on which one request follows another.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn to(address: &str) -> Self {
        let connection = TcpStream::connect(address).unwrap();
        connection.set_nodelay(true).unwrap();
        Self(BufReader::new(connection))
    }

    /// Sends a request, which is all that a client does that gives up.
    pub(crate) fn send(&mut self, path: &str, agent: &str) {
        let head = "Host: 127.0.0.1\r\nUser-Agent";
        let request = format!("GET {path} HTTP/1.1\r\n{head}: {agent}\r\n\r\n");
        self.0.get_ref().write_all(request.as_bytes()).unwrap();
    }

    fn get(&mut self, path: &str, agent: &str) -> (u16, Vec<u8>) {
        self.send(path, agent);
        let status_line = self.line();
        let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = Vec::new();
        loop {
            let line = self.line().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(length) = line.strip_prefix("content-length: ") {
                body.resize(length.parse().unwrap(), 0);
            }
        }
        self.0.read_exact(&mut body).unwrap();
        (status, body)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
