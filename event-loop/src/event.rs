//! What the loop can wait for.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

/// Something that happens outside of this thread, and that a task can wait for. Their
/// order counts: the loop finds the next time before all sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The time has come. The number tells two timers of the same time from each other.
    Time(Instant, usize),
    /// This socket can be read: bytes have come, or the other side is gone.
    Readable(usize),
    /// This socket can be written to: it is connected, or has room again.
    Writable(usize),
}

impl Display for Event {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(..) => formatter.write_str("the time has come"),
            Self::Readable(socket) => write!(formatter, "socket {socket} is readable"),
            Self::Writable(socket) => write!(formatter, "socket {socket} is writable"),
        }
    }
}
