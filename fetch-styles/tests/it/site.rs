//! A flag site that holds its answers back until the test lets them go.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use tokio::net::TcpSocket;

/// What the site says of each country: it is another one than the folder says, so that
/// only who reads it can ask for XY's flag.
const METADATA: &str = r#"{"iso_cc": "XY", "tld_cc": ".xy", "country": "Examplia"}"#;
const METADATA_OF_HALF: &str = r#"{"iso_cc": "ZZ"}"#;
pub const FLAG: &str = "GIF89a, the flag of Examplia";

#[derive(Clone)]
pub struct Site {
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
    hang_ups: usize,
}

impl Site {
    /// A site that answers at once. What it has: every `metadata.json` and `xy.gif`, but
    /// nothing below `absent`, no flag for what is below `half`, and no country below
    /// `nonsense`.
    pub fn open() -> Self {
        let site = Self::closed();
        site.let_go();
        site
    }

    /// A site that answers nothing before [`Self::let_go`].
    pub fn closed() -> Self {
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

    pub fn let_go(&self) {
        self.shared.change(|state| state.is_open = true);
    }

    pub fn is_open(&self) -> bool {
        self.shared.state.lock().unwrap().is_open
    }

    /// What has been asked for so far.
    pub fn paths(&self) -> Vec<String> {
        self.shared.state.lock().unwrap().paths.clone()
    }

    pub fn wait_for_request(&self) {
        self.shared.wait_while(|state| state.paths.is_empty());
    }

    /// Waits until a client has closed its connection before it had an answer.
    pub fn wait_for_hang_up(&self) {
        self.shared.wait_while(|state| state.hang_ups == 0);
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }

    fn wait_while(&self, condition: impl FnMut(&mut State) -> bool) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, condition).unwrap());
    }

    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        let path = read_request(&mut reader)?;
        self.change(|state| state.paths.push(path.clone()));
        thread::scope(|scope| {
            scope.spawn(|| {
                // Nothing more is sent, so this ends with the connection.
                let _ = reader.read(&mut [0]);
                self.change(|state| state.hang_ups += 1);
            });
            self.wait_while(|state| !state.is_open);
            let (status, body) = answer(&path);
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}");
            write!(stream, "{head}\r\nConnection: close\r\n\r\n{body}")?;
            stream.shutdown(Shutdown::Both)
        })
    }
}

/// The address of a site that refuses all connections for as long as the socket lives: it
/// has the port, so nobody else can take it, and does not listen.
pub fn refusing_site() -> (TcpSocket, String) {
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
