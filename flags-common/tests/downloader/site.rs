//! A flag site that misbehaves on purpose, in a way of its own for each country code.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How the site answers a request. What is not listed here gets a flag.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Flag,
    /// This many bytes, of which the first say that they are a GIF image.
    Gif(usize),
    /// The same without telling beforehand how many.
    ChunkedGif(usize),
    Status(u16),
    /// The log-in page of a hotel's network.
    Html,
    /// Redirects this many times before the flag comes.
    Redirects(usize),
    /// Promises more bytes than it sends.
    Truncated,
    /// Closes the connection without a word.
    Nothing,
    /// Sends a byte now and then, and never ends.
    Drip,
    /// Never answers.
    Never,
}

pub(crate) struct Site {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    answers: Vec<(&'static str, Answer)>,
    /// How many requests are held back until they are all there.
    gate: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
    connections: AtomicUsize,
}

#[derive(Default)]
struct Waiting {
    requests: usize,
    in_flight: usize,
    largest_in_flight: usize,
    user_agents: Vec<String>,
    open_gates: usize,
}

impl Site {
    /// A site that answers at once.
    pub(crate) fn new(answers: &[(&'static str, Answer)]) -> Self {
        Self::with_gate(answers, 1)
    }

    /// A site that answers only when `gate` requests are in flight at the same time: it
    /// proves that a client sends that many, without any clock.
    pub(crate) fn with_gate(answers: &[(&'static str, Answer)], gate: usize) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/flags", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            answers: answers.to_vec(),
            gate,
            waiting: Mutex::default(),
            changed: Condvar::new(),
            connections: AtomicUsize::new(0),
        });
        let site = Self { url, shared: Arc::clone(&shared) };
        // The threads end with the test's process; none of them holds anything.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                shared.connections.fetch_add(1, Ordering::Relaxed);
                thread::spawn(move || shared.serve(stream?));
            }
        });
        site
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn largest_in_flight(&self) -> usize {
        self.shared.waiting.lock().unwrap().largest_in_flight
    }

    pub(crate) fn user_agents(&self) -> Vec<String> {
        self.shared.waiting.lock().unwrap().user_agents.clone()
    }

    /// Waits until the site has received `requests` requests.
    pub(crate) fn wait_for_requests(&self, requests: usize) {
        let waiting = self.shared.waiting.lock().unwrap();
        let enough = |waiting: &mut Waiting| waiting.requests < requests;
        drop(self.shared.changed.wait_while(waiting, enough).unwrap());
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut stream = stream;
        while let Some((path, user_agent)) = read_request(&mut reader)? {
            if !path.contains('/') {
                // The client takes the site for a proxy and asks for a tunnel (RFC 9110,
                // section 9.3.6), which leads to the site itself.
                write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
                continue;
            }
            let file = path.rsplit('/').next().unwrap_or_default();
            let (code, hop) = file.split_once(".gif").unwrap_or((file, ""));
            let hop = hop.trim_start_matches('?').parse().unwrap_or(0);
            let listed = self.answers.iter().find(|(listed, _)| *listed == code);
            let answer = listed.map_or(Answer::Flag, |&(_, answer)| answer);
            self.arrive(user_agent);
            let answered = send(&mut stream, answer, &path, hop);
            self.waiting.lock().unwrap().in_flight -= 1;
            if !answered? {
                break;
            }
        }
        Ok(())
    }

    /// Counts a request, and holds it back until the gate opens.
    fn arrive(&self, user_agent: String) {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.requests += 1;
        waiting.in_flight += 1;
        waiting.largest_in_flight = waiting.largest_in_flight.max(waiting.in_flight);
        waiting.user_agents.push(user_agent);
        let group = (waiting.requests - 1) / self.gate;
        if waiting.requests % self.gate == 0 {
            waiting.open_gates += 1;
        }
        self.changed.notify_all();
        let closed = |waiting: &mut Waiting| waiting.open_gates <= group;
        drop(self.changed.wait_while(waiting, closed).unwrap());
    }
}

/// The path and the user agent of the next request; `None` when there is no further one.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(String, String)>> {
    let (mut path, mut user_agent) = (None, String::new());
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim_end();
        if text.is_empty() {
            return Ok(path.map(|path| (path, user_agent)));
        }
        if path.is_none() {
            path = text.split(' ').nth(1).map(str::to_owned);
        } else if let Some((name, value)) = text.split_once(": ") {
            if name.eq_ignore_ascii_case("user-agent") {
                value.clone_into(&mut user_agent);
            }
        }
    }
}

/// Sends the answer and tells whether the connection can be used again.
fn send(
    stream: &mut TcpStream,
    answer: Answer,
    path: &str,
    hop: usize,
) -> io::Result<bool> {
    match answer {
        Answer::Flag => respond(stream, "200 OK", &gif(2500))?,
        Answer::Gif(bytes) => respond(stream, "200 OK", &gif(bytes))?,
        Answer::ChunkedGif(bytes) => {
            write!(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            for chunk in gif(bytes).chunks(50_000) {
                write!(stream, "{:x}\r\n", chunk.len())?;
                stream.write_all(chunk)?;
                write!(stream, "\r\n")?;
            }
            write!(stream, "0\r\n\r\n")?;
        }
        Answer::Status(status) => {
            respond(stream, &format!("{status} For a test"), b"sorry")?;
        }
        Answer::Html => respond(stream, "200 OK", b"<!DOCTYPE html><p>Room number?")?,
        Answer::Redirects(hops) if hop >= hops => respond(stream, "200 OK", &gif(2500))?,
        Answer::Redirects(_) => {
            let path = path.split('?').next().unwrap_or_default();
            let location = format!("{path}?{}", hop + 1);
            let head = "HTTP/1.1 302 Found\r\nContent-Length: 0";
            write!(stream, "{head}\r\nLocation: {location}\r\n\r\n")?;
        }
        Answer::Truncated => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")?;
            stream.write_all(&gif(100))?;
            return Ok(false);
        }
        Answer::Nothing => return Ok(false),
        Answer::Drip => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")?;
            for byte in gif(10_000) {
                stream.write_all(&[byte])?;
                thread::sleep(Duration::from_millis(50));
            }
        }
        Answer::Never => loop {
            thread::park();
        },
    }
    Ok(true)
}

fn respond(stream: &mut TcpStream, status: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())
}

/// Bytes that look like an image to whoever asks only for its signature.
fn gif(bytes: usize) -> Vec<u8> {
    b"GIF89a".iter().copied().chain(std::iter::repeat(b'.')).take(bytes).collect()
}
