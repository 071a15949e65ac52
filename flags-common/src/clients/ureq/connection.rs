//! A connection that tells how it has ended.
//!
//! ureq takes a reset for an end like any other, so that half an image would do for a
//! whole body where nobody has said how long that is. And it says of no connection
//! whether it was new, or kept, and so may have been closed before the request came.

use std::io::{self, ErrorKind};

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, Transport,
};

/// Why a request has no answer: its connection has brought answers before, and was closed
/// before it brought a byte of this one.
#[derive(Debug, thiserror::Error)]
#[error("the connection was closed between two requests")]
pub(super) struct ClosedUnused;

/// Has every connection watched.
#[derive(Debug)]
pub(super) struct Watch;

impl<T: Transport> Connector<T> for Watch {
    type Out = Watched<T>;

    fn connect(
        &self,
        _: &ConnectionDetails,
        connection: Option<T>,
    ) -> Result<Option<Watched<T>>, Error> {
        Ok(connection.map(|inner| Watched { inner, state: State::New }))
    }
}

#[derive(Debug)]
pub(super) struct Watched<T> {
    inner: T,
    state: State,
}

#[derive(Debug, PartialEq)]
enum State {
    /// No byte has ever come.
    New,
    /// A request was sent after an answer, and nothing has come since.
    Reused,
    /// Some of the answer has come.
    Answering,
}

impl<T: Transport> Watched<T> {
    /// What an end means that nobody has announced.
    fn ended(&self, error: Error) -> Error {
        match &error {
            Error::Io(cause) if is_end(cause) && self.state == State::Reused => {
                Error::Other(Box::new(ClosedUnused))
            }
            // By any other kind than ureq takes for the end of a body.
            Error::Io(cause) if is_end(cause) => {
                io::Error::from(ErrorKind::BrokenPipe).into()
            }
            _ => error,
        }
    }
}

fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
    )
}

impl<T: Transport> Transport for Watched<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(
        &mut self,
        amount: usize,
        timeout: NextTimeout,
    ) -> Result<(), Error> {
        if self.state == State::Answering {
            self.state = State::Reused;
        }
        self.inner.transmit_output(amount, timeout).map_err(|error| self.ended(error))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        match self.inner.await_input(timeout) {
            Ok(true) => {
                self.state = State::Answering;
                Ok(true)
            }
            // The end, which for some bodies is the right one.
            Ok(false) if self.state == State::Answering => Ok(false),
            Ok(false) => {
                Err(self.ended(io::Error::from(ErrorKind::UnexpectedEof).into()))
            }
            Err(error) => Err(self.ended(error)),
        }
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
