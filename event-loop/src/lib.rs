//! An event loop made by hand, in the place of tokio's runtime and of reqwest.
//!
//! Read `event_loop.rs` first: it is the queue, and the one place to wait. Then the *leaf
//! futures*, which wait for something outside and so have to give their waker to
//! somebody: `sleep.rs`, `tcp_stream.rs` and `blocking_thread.rs`. All other futures are
//! made of these, and of leaves that need no loop because another task or thread calls
//! their waker, as in a channel. So what others have written runs here unchanged:
//! `http.rs` is hyper over our stream, and the semaphore of the lesson is tokio's.
//! `trace.rs` tells the steps of the loop, and `picture.rs` draws them.
//!
//! Where a future is polled by hand, four words come again and again. `poll_fn` makes a
//! future of a closure that is called at each poll. `ready!` takes the value out of
//! `Ready`, and returns from the function if it is `Pending`. `Pin` promises that a
//! future stays where it is in memory, because it may hold references into itself. And a
//! future must not be polled again after its end, unless it is *fused*.
//!
//! What reqwest adds, and is left out here: https, connections that are used again,
//! redirects and proxies.
//!
//! [Its chapter](../../book/en/six-steps.html) of the course, and
//! [its siblings](../flags_common/index.html#chapters).

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
