//! A flag site that misbehaves on purpose, in a way of its own for each country code.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use super::limit::Limit;

/// How the site answers a request. What is not listed here gets a flag.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Flag,
    /// An image of this many bytes.
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
    heads: Vec<Head>,
    open_gates: usize,
    reports: Vec<String>,
}

/// The first lines of a request.
#[derive(Clone, Default)]
struct Head {
    path: String,
    /// With names in lower case.
    headers: Vec<(String, String)>,
}

impl Head {
    fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
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
                thread::spawn(move || shared.serve(stream?));
            }
        });
        site
    }

    /// The URL without the folder of the flags.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_end_matches("/flags")
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn largest_in_flight(&self) -> usize {
        self.shared.waiting.lock().unwrap().largest_in_flight
    }

    pub(crate) fn user_agents(&self) -> Vec<String> {
        self.headers("user-agent").into_iter().map(Option::unwrap_or_default).collect()
    }

    /// What this header, in lower case, says in each request, if it is there.
    pub(crate) fn headers(&self, name: &str) -> Vec<Option<String>> {
        let heads = &self.shared.waiting.lock().unwrap().heads;
        heads.iter().map(|head| head.header(name).map(str::to_owned)).collect()
    }

    /// What programs have told of themselves at their ends, as JSON.
    pub(crate) fn reports(&self) -> Vec<String> {
        self.shared.waiting.lock().unwrap().reports.clone()
    }

    /// Waits until the site has received `requests` requests.
    pub(crate) fn wait_for_requests(&self, requests: usize) {
        let _limit = Limit::start();
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
        let mut is_counted = false;
        while let Some(head) = read_head(&mut reader)? {
            let path = head.path.clone();
            if path == "/live/report" {
                let length =
                    head.header("content-length").and_then(|text| text.parse().ok());
                let mut report = vec![0; length.unwrap_or(0)];
                reader.read_exact(&mut report)?;
                let report = String::from_utf8_lossy(&report).into_owned();
                self.waiting.lock().unwrap().reports.push(report);
                write!(stream, "HTTP/1.1 204 No Content\r\n\r\n")?;
                continue;
            }
            if !is_counted {
                self.connections.fetch_add(1, Ordering::Relaxed);
                is_counted = true;
            }
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
            self.arrive(head);
            let answered = send(&mut stream, answer, &path, hop);
            self.waiting.lock().unwrap().in_flight -= 1;
            if !answered? {
                break;
            }
        }
        Ok(())
    }

    /// Counts a request, and holds it back until the gate opens.
    fn arrive(&self, head: Head) {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.requests += 1;
        waiting.in_flight += 1;
        waiting.largest_in_flight = waiting.largest_in_flight.max(waiting.in_flight);
        waiting.heads.push(head);
        let group = (waiting.requests - 1) / self.gate;
        if waiting.requests % self.gate == 0 {
            waiting.open_gates += 1;
        }
        self.changed.notify_all();
        let closed = |waiting: &mut Waiting| waiting.open_gates <= group;
        drop(self.changed.wait_while(waiting, closed).unwrap());
    }
}

/// The first lines of the next request; `None` when there is no further one.
fn read_head(reader: &mut impl BufRead) -> io::Result<Option<Head>> {
    let mut head = Head::default();
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let text = line.trim_end();
        if text.is_empty() {
            return Ok(Some(head));
        }
        if head.path.is_empty() {
            text.split(' ').nth(1).unwrap_or_default().clone_into(&mut head.path);
        } else if let Some((name, value)) = text.split_once(": ") {
            head.headers.push((name.to_ascii_lowercase(), value.to_owned()));
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

/// The fewest bytes of which an image is made here, one without a pixel.
pub(crate) const SMALLEST: usize = 26;

/// An image of this many bytes, or the beginning of one if it needs more. Only 27 cannot
/// be made.
pub(crate) fn gif(bytes: usize) -> Vec<u8> {
    let mut image = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02".to_vec();
    let mut left = bytes.saturating_sub(SMALLEST);
    // A part of the pixels has up to 255 bytes, behind one that says how many.
    while left > 0 {
        let length = if left == 257 { 255 } else { left.min(256) };
        image.push(u8::try_from(length - 1).unwrap());
        image.resize(image.len() + length - 1, b'.');
        left -= length;
    }
    image.extend(b"\0;");
    image.truncate(bytes);
    image
}
