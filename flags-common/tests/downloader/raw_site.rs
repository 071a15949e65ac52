//! A site that sends whatever bytes a test wants, and then does the worst.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Barrier};
use std::thread;

/// What the site does with a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Sends these bytes, and never anything else.
    Hold(Vec<u8>),
    /// Sends the first bytes once and the others again and again, without an end.
    Endless(Vec<u8>, Vec<u8>),
}

/// How it is seen that a connection which had been kept open was closed.
#[derive(Clone, Copy)]
pub(crate) enum Closing {
    /// The second request comes in and is not answered.
    AfterRequest,
    /// So, but the end is a reset, since not all of the request was read.
    AmidRequest,
    /// The second request is answered as if none had been sent.
    With408,
    /// On the first connection so is the first request; and the second one comes in and
    /// is not answered, as on all others.
    After408,
}

pub(crate) struct RawSite {
    pub url: String,
    unanswered: Arc<AtomicUsize>,
}

impl RawSite {
    /// A site that does with each request what its flag is listed with, and sends this
    /// `image` for any other.
    pub(crate) fn with_faults(faults: Vec<(String, Act)>, image: Vec<u8>) -> Self {
        Self::new(move |mut stream, _| {
            let request = read_request(&mut stream, 1)?;
            let file = request.rsplit('/').next().unwrap_or_default();
            let code = file.split('.').next().unwrap_or_default();
            let listed = faults.iter().find(|(listed, _)| listed == code);
            match listed.map(|(_, act)| act) {
                Some(Act::Close(bytes)) => {
                    read_rest(&mut stream)?;
                    stream.write_all(bytes)
                }
                // What has come and was not read makes a reset of the end.
                Some(Act::Reset(bytes)) => stream.write_all(bytes),
                Some(Act::Hold(bytes)) => {
                    read_rest(&mut stream)?;
                    stream.write_all(bytes)?;
                    // Until the client gives up.
                    stream.read_exact(&mut [0])
                }
                Some(Act::Endless(first, again)) => {
                    read_rest(&mut stream)?;
                    stream.write_all(first)?;
                    loop {
                        stream.write_all(again)?;
                    }
                }
                None => {
                    read_rest(&mut stream)?;
                    stream.write_all(&answer("200 OK", "", &image))
                }
            }
        })
    }

    /// A site that keeps each connection open after a first answer with this `image`, and
    /// closes it as the next request comes.
    pub(crate) fn closing(closing: Closing, image: Vec<u8>) -> Self {
        let is_first = AtomicBool::new(true);
        Self::new(move |mut stream, unanswered| {
            read_request(&mut stream, 0)?;
            let is_first = is_first.swap(false, Ordering::Relaxed);
            stream.write_all(&if is_first && matches!(closing, Closing::After408) {
                answer("408 Too Late", "", b"")
            } else {
                answer("200 OK", "", &image)
            })?;
            let left = usize::from(matches!(closing, Closing::AmidRequest));
            read_request(&mut stream, left)?;
            unanswered.fetch_add(1, Ordering::Relaxed);
            if let Closing::With408 = closing {
                stream.write_all(&answer(
                    "408 Too Late",
                    "Connection: close\r\n",
                    b"",
                ))?;
            }
            Ok(())
        })
    }

    /// A site that redirects each flag to the image of a site, which is this one if there
    /// is no `other`. It keeps each connection open after a first answer, and closes it
    /// as the next request comes. The first of all answers is sent when so many
    /// connections are open.
    pub(crate) fn redirecting(other: Option<&str>, open: usize, image: Vec<u8>) -> Self {
        let target = format!("{}/image", other.unwrap_or("/flags"));
        let (all_open, number) = (Barrier::new(open), AtomicUsize::new(0));
        Self::new(move |mut stream, unanswered| {
            let path = read_request(&mut stream, 0)?;
            if number.fetch_add(1, Ordering::Relaxed) < open {
                all_open.wait();
            }
            stream.write_all(&if path.ends_with("/image") {
                answer("200 OK", "", &image)
            } else {
                answer("302 Elsewhere", &format!("Location: {target}\r\n"), b"")
            })?;
            read_request(&mut stream, 0)?;
            unanswered.fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
    }

    /// A proxy that gives this answer to every request, and hands the head of each to
    /// the test.
    pub(crate) fn proxy(answer: Vec<u8>) -> (Self, Receiver<String>) {
        let (sender, heads) = channel();
        let proxy = Self::new(move |mut stream, _| {
            loop {
                let head = read_head(&mut stream, 0)?;
                // It fails when the test has seen enough.
                let _ = sender.send(head);
                stream.write_all(&answer)?;
            }
        });
        (proxy, heads)
    }

    /// A proxy that opens a tunnel, and closes it as soon as anything is sent into it.
    pub(crate) fn broken_tunnel() -> Self {
        Self::new(move |mut stream, _| {
            read_head(&mut stream, 0)?;
            stream.write_all(b"HTTP/1.1 200 Come In\r\n\r\n")?;
            stream.read_exact(&mut [0])
        })
    }

    /// A site that sends these bytes at once, whatever it is asked, and in which
    /// language.
    pub(crate) fn deaf(bytes: Vec<u8>) -> Self {
        Self::new(move |mut stream, _| {
            stream.write_all(&bytes)?;
            stream.shutdown(Shutdown::Write)?;
            io::copy(&mut stream, &mut io::sink()).map(drop)
        })
    }

    fn new(
        serve: impl Fn(TcpStream, &AtomicUsize) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/flags", listener.local_addr().unwrap());
        let unanswered = Arc::new(AtomicUsize::new(0));
        let site = Self { url, unanswered: Arc::clone(&unanswered) };
        let serve = Arc::new(serve);
        // The threads end with the test's process; none of them holds anything.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (serve, unanswered) = (Arc::clone(&serve), Arc::clone(&unanswered));
                thread::spawn(move || serve(stream?, &unanswered));
            }
        });
        site
    }

    /// How many requests it has read and not answered.
    pub(crate) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::Relaxed)
    }
}

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// Reads a request without a body but for its last bytes, so many of them, and returns
/// its path.
fn read_request(stream: &mut TcpStream, left: usize) -> io::Result<String> {
    let head = read_head(stream, left)?;
    Ok(head.split(' ').nth(1).unwrap_or_default().to_owned())
}

fn read_head(stream: &mut TcpStream, left: usize) -> io::Result<String> {
    const END: &[u8] = b"\r\n\r\n";
    let mut head = Vec::new();
    while !head.ends_with(&END[..END.len() - left]) {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Reads the byte that was left.
fn read_rest(stream: &mut TcpStream) -> io::Result<()> {
    stream.read_exact(&mut [0])
}
