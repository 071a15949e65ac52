//! A client that shows every byte: a library would follow, repair and hide too much.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Instant;

use super::program::LIMIT;

/// A connection on which one request follows another.
pub(crate) struct Client {
    connection: BufReader<TcpStream>,
    /// Whether an answer without end has begun, and what was read of its next event.
    is_stream: bool,
    stream: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Connects to the site at a base URL.
    pub(crate) fn connect(url: &str) -> Self {
        let address =
            url.strip_prefix("http://").unwrap().strip_suffix("/flags").unwrap();
        let address: SocketAddr = address.parse().unwrap();
        let connection = TcpStream::connect_timeout(&address, LIMIT).unwrap();
        connection.set_read_timeout(Some(LIMIT)).unwrap();
        connection.set_write_timeout(Some(LIMIT)).unwrap();
        connection.set_nodelay(true).unwrap();
        Self {
            connection: BufReader::new(connection),
            is_stream: false,
            stream: Vec::new(),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// Sends a request, with header lines that end in `\r\n`, and awaits the answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        ));
        self.receive(method != "HEAD")
    }

    /// Asks for a path and names itself, which is all that a client does that gives up.
    pub(crate) fn send_as(&mut self, agent: &str, path: &str) {
        let headers = format!("Host: flags\r\nUser-Agent: {agent}\r\n");
        self.send(&format!("GET {path} HTTP/1.1\r\n{headers}\r\n"));
    }

    /// Asks for one path so many times that the answers come one behind the other.
    pub(crate) fn ask_again_and_again(&mut self, agent: &str, path: &str, times: usize) {
        const AT_ONCE: usize = 50;
        for _ in 0..times.div_ceil(AT_ONCE) {
            for _ in 0..AT_ONCE {
                self.send_as(agent, path);
            }
            for _ in 0..AT_ONCE {
                assert_eq!(self.receive(true).status, 200);
            }
        }
    }

    pub(crate) fn send(&mut self, request: &str) {
        self.connection.get_ref().write_all(request.as_bytes()).unwrap();
    }

    /// Sends nothing more, and still listens.
    pub(crate) fn end(&self) {
        self.connection.get_ref().shutdown(Shutdown::Write).unwrap();
    }

    pub(crate) fn receive(&mut self, may_have_body: bool) -> Answer {
        let status_line = self.line();
        let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        while let Some((name, value)) = self.line().split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let is_in_chunks = answer.header("transfer-encoding") == Some("chunked");
        self.is_stream = is_in_chunks && !may_have_body;
        if may_have_body {
            if is_in_chunks {
                while self.chunk(&mut answer.body) > 0 {}
            } else {
                let length = answer.header("content-length");
                answer.body.resize(length.map_or(0, |text| text.parse().unwrap()), 0);
                self.connection.read_exact(&mut answer.body).unwrap();
            }
        }
        answer
    }

    /// Adds the next piece of a body that comes in pieces, and returns its length. The
    /// last one is empty.
    fn chunk(&mut self, body: &mut Vec<u8>) -> usize {
        let length = usize::from_str_radix(&self.line(), 16).unwrap();
        let start = body.len();
        body.resize(start + length, 0);
        self.connection.read_exact(&mut body[start..]).unwrap();
        assert_eq!(self.line(), "");
        length
    }

    /// The next server-sent event: its name and its data. The head of the answer may have
    /// been read before, or not.
    pub(crate) fn event(&mut self) -> (String, String) {
        let started = Instant::now();
        if !self.is_stream {
            assert_eq!(self.receive(false).status, 200);
        }
        loop {
            // What keeps the connection alive would keep a failing test alive too.
            assert!(started.elapsed() < LIMIT, "there is no event");
            let end = self.stream.windows(2).position(|pair| pair == b"\n\n");
            if let Some(end) = end {
                let event: Vec<_> = self.stream.drain(..end + 2).collect();
                let event = std::str::from_utf8(&event).unwrap().trim_end();
                let event = event.strip_prefix("event: ").unwrap();
                let (name, data) = event.split_once("\ndata: ").unwrap();
                return (name.to_owned(), data.to_owned());
            }
            let mut stream = std::mem::take(&mut self.stream);
            assert_ne!(self.chunk(&mut stream), 0, "it has ended");
            self.stream = stream;
        }
    }

    /// Whether the other side has ended the connection without another byte.
    pub(crate) fn is_closed(&mut self) -> bool {
        // Some systems report the end as an error, since there were unread bytes.
        self.connection.fill_buf().map_or_else(
            |error| error.kind() == std::io::ErrorKind::ConnectionReset,
            <[u8]>::is_empty,
        )
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.connection.read_line(&mut line).unwrap(), 0, "it has ended");
        line.trim_end().to_owned()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        assert_eq!(self.header("content-type"), Some("text/plain; charset=utf-8"));
        std::str::from_utf8(&self.body).unwrap()
    }
}
