//! The site on a socket: what the stand-alone and the embedded server share, and the
//! handle of the embedded one.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::profile::Behaviour;
use crate::site::app;

/// How many connections may wait to be accepted. When a class of 30 starts at once,
/// thousands arrive within a millisecond, and a client whose connection is dropped
/// tries again only after a second. Some systems allow less and then take their own.
const BACKLOG: u32 = 4096;

/// Listens at an address; port 0 is any free one. Needs the context of a Tokio runtime.
///
/// # Errors
///
/// What the system says, such as that the port is in use.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Without this a server that was just stopped cannot start again for a minute. On
    // Windows it can, and there the same option would let two servers share a port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers the connections of `listener` for as long as it is polled. When the process
/// runs out of descriptors, it waits a second and goes on.
///
/// # Errors
///
/// None so far: what goes wrong with a connection concerns that one only.
pub async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    // Every answer is complete when it is written, so there is nothing to wait for.
    // A connection that refuses the option is merely slower.
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}

/// A flag site that runs inside this program until the handle is dropped.
///
/// It has a thread and a runtime of its own, so it can serve a program that blocks, or
/// that has no runtime at all, and what the program does cannot slow it down.
///
/// ```
/// use flags_server::{DEFAULT_SEED, FlagServer, Profile};
///
/// let server = FlagServer::start(Profile::Book.behaviour(), DEFAULT_SEED)?;
/// println!("{}/br/br.gif", server.url());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the site stops when the handle is dropped"]
pub struct FlagServer {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl FlagServer {
    /// Starts a site at a free port of the loopback address. It can be reached as soon
    /// as this returns.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread, descriptor or port left.
    pub fn start(behaviour: Behaviour, seed: u64) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            bind((Ipv4Addr::LOCALHOST, 0).into())?
        };
        let url = format!("http://{}/flags", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let serve_until_stopped = async move {
            tokio::select! {
                result = serve(listener, app(behaviour, seed)) => result,
                _ = stopped => Ok(()),
            }
        };
        let thread = thread::Builder::new()
            .name("flag-server".to_owned())
            // The runtime is dropped at the end, and all connections with it, which is
            // what stops the requests in flight.
            .spawn(move || runtime.block_on(serve_until_stopped))?;
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL, without a slash at its end: `http://127.0.0.1:PORT/flags`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Stops the site at once, without an answer to the requests in flight.
impl Drop for FlagServer {
    fn drop(&mut self) {
        // The other end resolves when this one is gone, so nothing need be sent.
        drop(self.stop.take());
        match self.thread.take().map(JoinHandle::join) {
            // A second panic while the first unwinds would abort the program.
            Some(Err(cause)) if !thread::panicking() => panic::resume_unwind(cause),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn server_that_panics() -> FlagServer {
        let thread = thread::spawn(|| panic!("the server is broken"));
        FlagServer { url: String::new(), stop: None, thread: Some(thread) }
    }

    #[test]
    fn a_panic_of_the_server_surfaces_when_the_handle_is_dropped() {
        let server = AssertUnwindSafe(server_that_panics());
        let cause = catch_unwind(|| drop(server)).unwrap_err();
        assert_eq!(cause.downcast_ref(), Some(&"the server is broken"));
    }

    #[test]
    fn a_panic_of_the_server_does_not_hide_that_of_its_user() {
        let cause = catch_unwind(|| {
            let _server = server_that_panics();
            panic!("the user is broken");
        });
        assert_eq!(cause.unwrap_err().downcast_ref(), Some(&"the user is broken"));
    }
}
