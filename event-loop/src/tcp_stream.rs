//! A TCP connection for tasks of the loop.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::mem;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use mio::net;

use crate::event::Event;
use crate::event_loop::EventLoop;

/// A TCP connection.
pub struct TcpStream<'a> {
    event_loop: &'a EventLoop,
    socket: net::TcpStream,
    number: usize,
}

impl<'a> TcpStream<'a> {
    /// Connects to an address.
    ///
    /// # Errors
    ///
    /// When nobody listens there, or no descriptor is left.
    pub async fn connect(
        event_loop: &'a EventLoop,
        address: SocketAddr,
    ) -> io::Result<Self> {
        let mut socket = net::TcpStream::connect(address)?;
        let number = event_loop.register(&mut socket)?;
        let stream = Self { event_loop, socket, number };
        // The call above was the try. The system goes on by itself, and tells the loop
        // that the socket is writable when it is done, even if that was before now.
        let mut is_begun = false;
        let mut connected = |socket: &net::TcpStream| {
            if !mem::replace(&mut is_begun, true) {
                return Err(ErrorKind::WouldBlock.into());
            }
            socket.take_error()?.map_or(Ok(()), Err)?;
            // This poll has come for another reason, before the connection stands.
            socket.peer_addr().map_err(|error| match error.kind() {
                ErrorKind::NotConnected => ErrorKind::WouldBlock.into(),
                _ => error,
            })
        };
        poll_fn(|context| stream.attempt(Event::Writable, context, &mut connected))
            .await?;
        Ok(stream)
    }

    /// Tries an operation. Where it would block, the loop keeps the waker of this task
    /// until it would not: all leaf futures look like this.
    ///
    /// The system tells only of a change (mio is edge-triggered). To wait without having
    /// tried could be to wait for bytes that are there already, and so for ever.
    pub(crate) fn attempt<T>(
        &self,
        event: fn(usize) -> Event,
        context: &Context<'_>,
        operation: impl FnOnce(&net::TcpStream) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        match operation(&self.socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.event_loop.wait_for(event(self.number), context);
                Poll::Pending
            }
            result => Poll::Ready(result),
        }
    }
}

/// A connection that is given up wakes nobody.
impl Drop for TcpStream<'_> {
    fn drop(&mut self) {
        self.event_loop.deregister(&mut self.socket, self.number);
    }
}
