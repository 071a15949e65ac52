//! What the tests have in common: a flag site that holds its answers back until the test
//! lets them go, and waits that have an end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use fetch_styles::fetcher::Fetcher;
use fetch_styles::threads::Threads;
use flags_common::clients::{reqwest::reqwest_client_for, ureq::ureq_agent_for};
use reqwest::Client;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use ureq::Agent;

/// Long enough for every machine. Only a test that fails takes this long.
pub(crate) const PATIENT: Duration = Duration::from_secs(30);

/// What the site says of each country: it is another one than the folder says, so that
/// only who reads it can ask for XY's flag.
const METADATA: &str = r#"{"iso_cc": "XY", "tld_cc": ".xy", "country": "Examplia"}"#;
const METADATA_OF_HALF: &str = r#"{"iso_cc": "ZZ"}"#;
pub(crate) const FLAG: &str = "GIF89a, the flag of Examplia";

#[derive(Clone)]
pub(crate) struct Site {
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_open: bool,
    paths: Vec<String>,
    answered: usize,
    given_up: usize,
}

impl Site {
    /// A site that answers at once. What it has: every `metadata.json` and `xy.gif`, but
    /// nothing below `absent`, no flag for what is below `half`, and no country below
    /// `nonsense`.
    pub(crate) fn open() -> Self {
        let site = Self::closed();
        site.let_go();
        site
    }

    /// A site that answers nothing before [`Self::let_go`].
    pub(crate) fn closed() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/flags", listener.local_addr().unwrap());
        let shared = Arc::<Shared>::default();
        let site = Self { url, shared: Arc::clone(&shared) };
        // The threads end with the process of the tests; none of them holds anything.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.serve(&stream?));
            }
        });
        site
    }

    pub(crate) fn flag(&self) -> String {
        format!("{}/xy/xy.gif", self.url)
    }

    pub(crate) fn let_go(&self) {
        self.shared.change(|state| state.is_open = true);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.shared.state.lock().unwrap().is_open
    }

    /// What has been asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.shared.state.lock().unwrap().paths.clone()
    }

    pub(crate) fn wait_for_requests(&self, count: usize) {
        self.shared.wait_until(|state| state.paths.len() >= count);
    }

    pub(crate) fn wait_for_answers(&self, count: usize) {
        self.shared.wait_until(|state| state.answered >= count);
    }

    /// How many clients have closed their connections before they had an answer.
    pub(crate) fn given_up(&self) -> usize {
        self.shared.state.lock().unwrap().given_up
    }

    /// Waits until there is one.
    pub(crate) fn wait_for_given_up(&self) {
        self.shared.wait_until(|state| state.given_up > 0);
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn wait_until(&self, condition: impl Fn(&State) -> bool) {
        let state = self.state.lock().unwrap();
        let (state, wait) = self
            .changed
            .wait_timeout_while(state, PATIENT, |state| !condition(state))
            .unwrap();
        drop(state);
        assert!(!wait.timed_out(), "nothing came to the site");
    }

    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let path = read_request(&mut reader)?;
        self.change(|state| state.paths.push(path.clone()));
        let is_answered = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // Nothing more is sent, so this ends with the connection.
                let _ = reader.read(&mut [0]);
                if !is_answered.load(Ordering::SeqCst) {
                    self.change(|state| state.given_up += 1);
                }
            });
            let state = self.state.lock().unwrap();
            // A test that never lets go is over by the end of this.
            let wait =
                self.changed.wait_timeout_while(state, PATIENT, |state| !state.is_open);
            drop(wait.unwrap());
            is_answered.store(true, Ordering::SeqCst);
            let (status, body) = answer(&path);
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}");
            let written = write!(stream, "{head}\r\nConnection: close\r\n\r\n{body}");
            let closed = stream.shutdown(Shutdown::Both);
            if written.is_ok() {
                self.change(|state| state.answered += 1);
            }
            written.and(closed)
        })
    }
}

/// The address of a site that refuses all connections for as long as the socket lives: it
/// has the port, so nobody else can take it, and does not listen.
pub(crate) fn refusing_site() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let url = format!("http://{}/flags", socket.local_addr().unwrap());
    (socket, url)
}

fn answer(path: &str) -> (&'static str, &'static str) {
    let parts = path.strip_prefix("/flags/").and_then(|path| path.split_once('/'));
    match parts.unwrap_or(("absent", path)) {
        ("absent", _) => ("404 Not Found", "no"),
        ("nonsense", "metadata.json") => ("200 OK", "{}"),
        ("half", "metadata.json") => ("200 OK", METADATA_OF_HALF),
        (_, "metadata.json") => ("200 OK", METADATA),
        (_, "xy.gif") => ("200 OK", FLAG),
        _ => ("404 Not Found", "no"),
    }
}

/// The path of a request, all of which is read.
fn read_request(reader: &mut impl BufRead) -> io::Result<String> {
    let mut lines = reader.lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    Ok(first.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// What the styles fetch with.
pub(crate) struct Tools {
    pub agent: Agent,
    pub client: Client,
    pub threads: Threads,
    pub fetcher: Fetcher,
    pub event_loop: Runtime,
}

impl Tools {
    pub(crate) fn new(site_url: &str, timeout: Duration) -> Self {
        let (client, threads) =
            (reqwest_client_for(site_url, timeout), Threads::default());
        Self {
            agent: ureq_agent_for(site_url, timeout, 1),
            fetcher: Fetcher::start(client.clone(), &threads).unwrap(),
            client,
            threads,
            event_loop: Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    /// Awaits `future` on the event loop, which runs its other tasks meanwhile.
    pub(crate) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.event_loop.block_on(async {
            timeout(2 * PATIENT, future).await.expect("it does not take for ever")
        })
    }
}
