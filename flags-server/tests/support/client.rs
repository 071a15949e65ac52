//! A client that shows every byte: a library would follow, repair and hide too much.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use super::program::LIMIT;

/// A connection on which one request follows another.
pub(crate) struct Client {
    connection: BufReader<TcpStream>,
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
        Self { connection: BufReader::new(connection) }
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

    pub(crate) fn send(&mut self, request: &str) {
        self.connection.get_ref().write_all(request.as_bytes()).unwrap();
    }

    pub(crate) fn receive(&mut self, may_have_body: bool) -> Answer {
        let status_line = self.line();
        let status = status_line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        while let Some((name, value)) = self.line().split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if may_have_body {
            let length =
                answer.header("content-length").map_or(0, |n| n.parse().unwrap());
            answer.body.resize(length, 0);
            self.connection.read_exact(&mut answer.body).unwrap();
        }
        answer
    }

    /// The next server-sent event: its name and its data. The lengths of the pieces that
    /// it is sent in, and what only keeps the connection alive, are left out.
    pub(crate) fn event(&mut self) -> (String, String) {
        let started = Instant::now();
        let mut name = None;
        loop {
            // What keeps the connection alive would keep a failing test alive too.
            assert!(started.elapsed() < LIMIT, "there is no event");
            let line = self.line();
            if let Some(text) = line.strip_prefix("event: ") {
                name = Some(text.to_owned());
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (name.unwrap(), data.to_owned());
            }
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
