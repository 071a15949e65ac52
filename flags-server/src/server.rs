//! The site on a socket: what the stand-alone and the embedded server share, and the
//! handle of the embedded one.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::panic;
use std::thread::{self, JoinHandle};

use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::admission::CONNECTIONS;
use crate::connections::{Connection, serve_connection};
use crate::profile::Behaviour;
use crate::site::app;

/// How many connections may wait to be accepted. When a class of 30 starts at once,
/// thousands arrive within a millisecond, and a client whose connection is dropped
/// tries again only after a second. Some systems allow less and then take their own.
const BACKLOG: u32 = 4096;

/// How much of an answer may be on its way to a client that does not read it, in bytes.
/// Otherwise a system lends each connection some megabytes.
const UNREAD: u32 = 64 * 1024;

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
    // What is accepted has it from the listener. Without it, it takes more memory.
    let _ = socket.set_send_buffer_size(UNREAD);
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers the connections of `listener` for as long as it is polled. When the process
/// runs out of descriptors, it waits for some and goes on. Every request has its
/// [`Connection`] as an extension, `ConnectInfo<Connection>`.
///
/// For `app` see [`app`]; `hyper_util::service::TowerToHyperService` makes it a service
/// of hyper.
///
/// A connection is closed when its client sends no complete request for 30 seconds, a
/// head of more than 16 KiB, or does not read its answer for 30 seconds. There are at
/// most 16,384 connections, or fewer where the limit of open files is low. Of these one
/// address may have 1024, but no more than half, unless it is the loopback; more are
/// closed at once. Where there is no room for one more, those make it that have waited
/// for a request the longest, and for a second at least; where all have one in flight, it
/// waits.
///
/// A client that shuts down its writing side still gets its answers. A request of
/// HTTP/1.1 without a Host header, or any with two, is answered with status 400.
///
/// # Errors
///
/// None so far: what goes wrong with a connection concerns that one only.
pub async fn serve<A>(listener: TcpListener, app: A) -> io::Result<()>
where
    A: Service<Request<Incoming>, Response = Response, Error = Infallible>,
    A: Clone + Send + 'static,
    A::Future: Send,
{
    let mut number = 0;
    loop {
        let (stream, client) = match listener.accept().await {
            Ok(accepted) => accepted,
            // The client left before it was its turn.
            Err(error) if is_of_the_client(error.kind()) => continue,
            // There are no descriptors left, to which others of this program may help
            // themselves too.
            Err(_) => {
                CONNECTIONS.wait_for_descriptors().await;
                continue;
            }
        };
        // Accepted first, so that while there is no room the site holds one connection
        // more, and not a place that another site could use.
        let Some(admission) = CONNECTIONS.admit(client.ip()).await else { continue };
        // Every answer is complete when it is written, so there is nothing to wait for.
        // A connection that refuses the option is merely slower.
        let _ = stream.set_nodelay(true);
        number += 1;
        let connection = Connection { client, number };
        let app = app.clone();
        tokio::spawn(async move {
            serve_connection(stream, connection, admission.activity(), app).await;
        });
    }
}

fn is_of_the_client(error: ErrorKind) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error, ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A flag site that runs inside this program until the handle is dropped.
///
/// It has a thread and a runtime of its own, so it can serve a program that blocks, or
/// that has no runtime at all, and what the program does cannot slow it down.
///
/// ```
/// use flags_server::{FlagServer, Profile};
///
/// let server = FlagServer::start(Profile::Book.behaviour(), None)?;
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
    /// as this returns. Its requests are taken for one run, whose [`Deck`](crate::Deck)
    /// has this `seed`.
    ///
    /// # Errors
    ///
    /// What the system says when it has no thread, descriptor or port left.
    pub fn start(behaviour: Behaviour, seed: Option<u64>) -> io::Result<Self> {
        // Routes are easier to follow once it is known that no state is to come.
        let app = app(behaviour, seed).with_state(());
        Self::start_serving(TowerToHyperService::new(app))
    }

    /// The same for any service that answers like [`app`].
    pub(crate) fn start_serving<A>(app: A) -> io::Result<Self>
    where
        A: Service<Request<Incoming>, Response = Response, Error = Infallible>,
        A: Clone + Send + 'static,
        A::Future: Send,
    {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            bind((Ipv4Addr::LOCALHOST, 0).into())
        };
        let listener = match listener {
            Ok(listener) => listener,
            Err(error) => {
                // The caller may be on an event loop of its own, where to drop this one
                // would panic: that would wait for its threads, though it has none.
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let url = format!("http://{}/flags", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let serve_until_stopped = async move {
            tokio::select! {
                result = serve(listener, app) => result,
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
