//! An event loop made by hand, with all that `event-loop` needs of tokio and reqwest.
//!
//! Read `event_loop.rs` first: it is the queue, and the one place to wait. Then the three
//! *leaves*, the futures that do not only wait for other futures and so have to leave
//! their waker somewhere: `tcp_stream.rs`, `sleep.rs`, `blocking_thread.rs`. On top of them
//! all other futures run unchanged: `http.rs` is hyper over such a stream, and the
//! semaphore of the lesson is tokio's.
//!
//! What is left out, and what reqwest adds: https, connections that are used again,
//! redirects and proxies.

mod blocking_thread;
mod event;
mod event_loop;
mod http;
#[expect(clippy::cast_precision_loss, reason = "no run has that many tasks")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few rows")]
mod picture;
mod sleep;
mod step;
mod tcp_stream;
mod trace;

pub use blocking_thread::spawn_blocking;
pub use event::Event;
pub use event_loop::EventLoop;
pub use http::{Arriving, Client};
pub use sleep::Sleep;
pub use step::Step;
pub use tcp_stream::TcpStream;
pub use trace::event_loop;
