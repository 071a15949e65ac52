//! A client that has said all it has to say, and still listens.
//!
//! To shut down the writing side of a connection is how many simple programs end their
//! request (`printf … | nc`). The other side sees the same as of a client that is gone:
//! the end. To stop there would take the answer from the first, and to ignore it would
//! mean that nobody hears that the second has given up.
//!
//! There is one way to tell: to say something. A computer whose program is gone refuses
//! what arrives for it, and the next thing that is said fails. What can be said before an
//! answer is `100 Continue`, which every client of HTTP/1.1 has to read and to ignore,
//! any number of times (RFC 9110, section 15.2).

use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::activity::Activity;

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// How long after the first two times it is said again. Between these there is no pause:
/// on one computer the first is refused before the second is said.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// By how much each pause is longer than the one before, up to the longest.
const GROWTH: u32 = 10;
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A stream whose end is only told while no request is in flight.
#[derive(Debug)]
pub(crate) struct HalfClosing<S> {
    stream: S,
    activity: Arc<Activity>,
    has_ended: bool,
    /// The request whose answer was being written last, counted from 1.
    answered: u64,
    /// Whether the stream has not taken all that it was given, so that nothing can be
    /// said between.
    is_stuck: bool,
    probe: Option<Probe>,
}

#[derive(Debug)]
struct Probe {
    /// What is still to be said this time.
    rest: &'static [u8],
    /// Until when to say nothing, and how long the pause after that is.
    pause: Option<(Pin<Box<Sleep>>, Duration)>,
    is_first: bool,
}

impl Probe {
    /// Says what is left of it, and then there is all of it to say again.
    fn poll_say(
        &mut self,
        stream: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            let bytes = ready!(Pin::new(&mut *stream).poll_write(context, self.rest))?;
            if bytes == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.rest = &self.rest[bytes..];
        }
        self.rest = CONTINUE;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> HalfClosing<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>) -> Self {
        let (has_ended, answered, is_stuck, probe) = (false, 0, false, None);
        Self { stream, activity, has_ended, answered, is_stuck, probe }
    }

    /// Waits until it is certain that the client is gone.
    fn poll_gone(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let probe = self.probe.get_or_insert_with(|| Probe {
            rest: CONTINUE,
            pause: None,
            is_first: true,
        });
        loop {
            if let Some((over, _)) = &mut probe.pause {
                ready!(over.as_mut().poll(context));
            }
            // An answer that is on its way is itself something that is said.
            if self.answered == self.activity.begun() {
                return Poll::Pending;
            }
            if let Err(error) = ready!(probe.poll_say(&mut self.stream, context)) {
                return Poll::Ready(error);
            }
            if !mem::take(&mut probe.is_first) {
                let now = probe.pause.as_ref().map_or(FIRST_PAUSE, |(_, next)| *next);
                let next = (now * GROWTH).min(LONGEST_PAUSE);
                probe.pause = Some((Box::pin(sleep(now)), next));
            }
        }
    }

    /// Lets no answer begin within what is being said.
    fn poll_said(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.probe {
            Some(probe) if probe.rest.len() < CONTINUE.len() => {
                probe.poll_say(&mut self.stream, context)
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// Notes how a write of the answer went.
    fn note(
        &mut self,
        context: &mut Context<'_>,
        written: &Poll<io::Result<usize>>,
        all: usize,
    ) {
        self.answered = self.activity.begun();
        self.is_stuck = !matches!(written, Poll::Ready(Ok(bytes)) if *bytes == all);
        if self.has_ended && !self.is_stuck {
            // To read is worth another try, which is then the end.
            context.waker().wake_by_ref();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for HalfClosing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.has_ended {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
            if buffer.filled().len() > before || buffer.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
            self.has_ended = true;
        }
        if self.is_stuck {
            // The end would be the end of what is still to be written, too.
            return Poll::Pending;
        }
        if self.activity.is_idle() {
            return Poll::Ready(Ok(()));
        }
        if !self.activity.knows_continue() {
            return Poll::Pending;
        }
        self.poll_gone(context).map(Err)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for HalfClosing<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_said(context))?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(context, &written, bytes.len());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_said(context))?;
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        let all = slices.iter().map(|slice| slice.len()).sum();
        self.note(context, &written, all);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
