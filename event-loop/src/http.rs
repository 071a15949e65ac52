//! HTTP by hyper, over the connection made by hand. hyper's futures belong to no runtime:
//! all they ask for is something to read from and to write to.

use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use flags_common::clients::MAX_HEADERS;
use flags_common::clients::hyper::{look_up, request};
use flags_common::{FlagError, Job};
use futures::FutureExt;
use futures::future::{Either, select};
use hyper::Response;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::client::conn::http1;
use hyper::rt::{self, ReadBufCursor};

use crate::event::Event;
use crate::event_loop::EventLoop;
use crate::sleep::Sleep;
use crate::tcp_stream::TcpStream;

/// An HTTP client that makes a connection for each request.
pub struct Client<'a> {
    event_loop: &'a EventLoop,
    job: &'a Job,
    addresses: Result<Vec<SocketAddr>, FlagError>,
}

/// What reads and writes for a request while somebody polls it.
type Connection<'a> = Pin<Box<dyn Future<Output = hyper::Result<()>> + 'a>>;

/// The body of an answer, most of which has still to come.
pub struct Arriving<'a> {
    body: Incoming,
    connection: Connection<'a>,
    timer: Sleep<'a>,
}

impl<'a> Client<'a> {
    /// A client for the flags of a job. It looks up the name of the site, which would
    /// block the loop, and so is done before the loop runs.
    #[must_use]
    pub fn new(event_loop: &'a EventLoop, job: &'a Job) -> Self {
        Self { event_loop, job, addresses: look_up(job) }
    }

    /// Asks for what lies at a URL, and waits for the head of the answer. One timer
    /// limits all from here to the last byte of the body.
    ///
    /// # Errors
    ///
    /// When there is no answer, or none in time.
    pub async fn get(&self, url: &str) -> Result<Response<Arriving<'a>>, FlagError> {
        let mut timer = self.event_loop.sleep(self.job.timeout());
        let exchange = pin!(self.exchange(url));
        let (response, connection) = match select(exchange, &mut timer).await {
            Either::Left((exchanged, _)) => exchanged?,
            Either::Right(_) => return Err(FlagError::TimedOut),
        };
        Ok(response.map(|body| Arriving { body, connection, timer }))
    }

    async fn exchange(
        &self,
        url: &str,
    ) -> Result<(Response<Incoming>, Connection<'a>), FlagError> {
        let stream = self.connect().await?;
        let mut protocol = http1::Builder::new();
        let (mut sender, connection) =
            protocol.max_headers(MAX_HEADERS).handshake(stream).await?;
        let mut connection: Connection<'a> = Box::pin(connection.fuse());
        let mut answer = pin!(sender.send_request(request(self.job, url)));
        // hyper has two futures for one exchange, so that two tasks can share the work.
        // Here one task polls both.
        let response = poll_fn(|context| {
            let _ = connection.poll_unpin(context);
            answer.poll_unpin(context)
        });
        let response = response.await?;
        Ok((response, connection))
    }

    /// Connects to the first address that lets us.
    async fn connect(&self) -> Result<TcpStream<'a>, FlagError> {
        let mut error = FlagError::NameNotResolved;
        for &address in self.addresses.as_ref().map_err(Clone::clone)? {
            match TcpStream::connect(self.event_loop, address).await {
                Ok(stream) => return Ok(stream),
                Err(refused) => error = refused.into(),
            }
        }
        Err(error)
    }
}

impl Body for Arriving<'_> {
    type Data = Bytes;
    type Error = FlagError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, FlagError>>> {
        // hyper's two halves talk through a channel: to ask for the body below wakes the
        // connection, and so this very task, which is polled once more right away.
        let _ = self.connection.poll_unpin(context);
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| Ok(frame?)));
        }
        ready!(self.timer.poll_unpin(context));
        Poll::Ready(Some(Err(FlagError::TimedOut)))
    }
}

impl rt::Read for TcpStream<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; 8192];
        let most = bytes.len().min(buffer.remaining());
        let read = |mut socket: &mio::net::TcpStream| socket.read(&mut bytes[..most]);
        let length = ready!(self.attempt(Event::Readable, context, read))?;
        buffer.put_slice(&bytes[..length]);
        Poll::Ready(Ok(()))
    }
}

impl rt::Write for TcpStream<'_> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.attempt(Event::Writable, context, |mut socket| socket.write(bytes))
    }

    /// Nothing is kept back, so there is nothing to flush.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.attempt(Event::Writable, context, |socket| socket.shutdown(Shutdown::Write))
    }
}
