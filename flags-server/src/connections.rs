//! What one connection may take, and how many there may be: a client that is broken, or
//! a student's first loop, must leave room for the others.

use std::cmp::min;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_io_timeout::TimeoutWriter;

use crate::limits::open_file_limit;

/// The largest head of a request, in bytes. Clients send some hundred, browsers with
/// many cookies some thousand, and the server holds that much for every connection.
const LARGEST_HEAD: usize = 16 * 1024;
/// How long a connection may stay without a complete head of a request: a new one, one
/// that is kept for the next request, and one whose head arrives drop by drop.
const IDLE: Duration = Duration::from_secs(30);
/// How long an answer may be stuck because the client does not read on.
const UNREAD: Duration = Duration::from_secs(30);
/// How many connections there may be. Each takes some ten kilobytes, so that all of
/// them take some hundred megabytes.
const MOST: usize = 16 * 1024;
/// How many of them may come from one address. The book's `flags2_asyncio.py` opens at
/// most 1000, and a page that is open takes one.
const MOST_PER_ADDRESS: usize = 1024;

/// The connections of all sites of this process, which are counted together, because
/// they share one limit of open files.
pub(crate) static CONNECTIONS: LazyLock<Connections> =
    LazyLock::new(|| Connections::with_open_files(open_file_limit()));

/// Counts the connections that are open.
pub(crate) struct Connections {
    left: Semaphore,
    most_per_address: usize,
    per_address: Mutex<HashMap<IpAddr, usize>>,
}

/// The right to one connection, until it is dropped.
pub(crate) struct Admission<'a> {
    _permit: SemaphorePermit<'a>,
    _address: Option<AddressCount<'a>>,
}

struct AddressCount<'a> {
    connections: &'a Connections,
    address: IpAddr,
}

impl Connections {
    /// As many as fit into a limit of open files, of which an eighth stays for others:
    /// the listeners, the event loop, what else the program has open.
    fn with_open_files(limit: Option<u64>) -> Self {
        let fitting = limit.map_or(u64::MAX, |limit| (limit - limit / 8).max(1));
        let most = min(MOST, usize::try_from(fitting).unwrap_or(usize::MAX));
        // Where there is room for few, no address may take all of it.
        Self::new(most, min(MOST_PER_ADDRESS, most.div_ceil(2)))
    }

    fn new(most: usize, most_per_address: usize) -> Self {
        Self {
            left: Semaphore::new(most),
            most_per_address,
            per_address: Mutex::default(),
        }
    }

    /// Waits until there is room for a connection. `None` means that its address has
    /// too many already. The loopback may have as many as there are: that is this
    /// machine's own user, who can do worse.
    pub(crate) async fn admit(&self, address: IpAddr) -> Option<Admission<'_>> {
        let address = address.to_canonical();
        let address =
            if address.is_loopback() { None } else { Some(self.count(address)?) };
        let permit = self.left.acquire().await.expect("it is never closed");
        Some(Admission { _permit: permit, _address: address })
    }

    fn count(&self, address: IpAddr) -> Option<AddressCount<'_>> {
        let mut per_address =
            self.per_address.lock().unwrap_or_else(PoisonError::into_inner);
        let count = per_address.entry(address).or_default();
        if *count == self.most_per_address {
            return None;
        }
        *count += 1;
        Some(AddressCount { connections: self, address })
    }
}

impl Drop for AddressCount<'_> {
    fn drop(&mut self) {
        let per_address = &self.connections.per_address;
        let mut per_address = per_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = per_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                per_address.remove(&self.address);
            }
        }
    }
}

/// What a request has come on. [`serve`](crate::serve) makes it an extension of every
/// request, as `ConnectInfo<Connection>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// Where its client is.
    pub client: SocketAddr,
    /// Which of the connections to its listener it is, counted from 1.
    pub number: u64,
}

/// Answers the requests that come on a stream until that ends.
pub(crate) async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: Connection,
    app: impl Service<Request<Incoming>, Response = Response, Error = Infallible>,
) {
    let answer = service_fn(move |mut request: Request<_>| {
        request.extensions_mut().insert(ConnectInfo(connection));
        app.call(request)
    });
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(UNREAD));
    // An error concerns this connection only, and it is the client that should know:
    // it has got an answer such as 431, or is gone.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        // This counts for every head, from the moment the connection waits for it.
        .header_read_timeout(IDLE)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer)
        .await;
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hyper_util::service::TowerToHyperService;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;
    use crate::country_code::CountryCode;
    use crate::profile::{Behaviour, Latency};
    use crate::site::app;

    const HOUR: Duration = Duration::from_secs(3600);
    const REQUEST: &[u8] = b"GET /flags/br/br.gif HTTP/1.1\r\nHost: flags\r\n\r\n";
    const STUDENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7));
    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// The client's end of a connection that holds this many bytes on their way, to a
    /// site that waits this long before an answer.
    fn connect(latency: Latency, capacity: usize) -> (DuplexStream, JoinHandle<()>) {
        let (client, stream) = duplex(capacity);
        let app = app(Behaviour { latency, error_rate: 0.0 }, None);
        let connection = Connection { client: (LOOPBACK, 9).into(), number: 1 };
        let app = TowerToHyperService::new(app);
        let server = tokio::spawn(serve_connection(stream, connection, app));
        (client, server)
    }

    /// Waits until the server has closed the connection.
    async fn closed(server: JoinHandle<()>) {
        timeout(HOUR, server).await.unwrap().unwrap();
    }

    async fn read_answer(client: &mut DuplexStream) -> String {
        let mut answer = vec![0; 64 * 1024];
        let length = timeout(HOUR, client.read(&mut answer)).await.unwrap().unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_is_closed() {
        let started = Instant::now();
        let (mut client, server) = connect(Latency::None, 64 * 1024);
        assert_eq!(read_answer(&mut client).await, "");
        assert_eq!(started.elapsed().as_secs(), IDLE.as_secs());
        closed(server).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_comes_drop_by_drop_is_closed() {
        let started = Instant::now();
        let (mut client, server) = connect(Latency::None, 64 * 1024);
        for &byte in REQUEST {
            if client.write_all(&[byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
        closed(server).await;
        assert_eq!(started.elapsed().as_secs().abs_diff(IDLE.as_secs()), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn between_two_requests_a_connection_may_be_idle_for_a_while() {
        let (mut client, server) = connect(Latency::None, 64 * 1024);
        for _ in 0..3 {
            client.write_all(REQUEST).await.unwrap();
            assert!(read_answer(&mut client).await.starts_with("HTTP/1.1 200"));
            sleep(IDLE.mul_f64(0.9)).await;
        }
        assert!(!server.is_finished());
        sleep(IDLE.mul_f64(0.2)).await;
        assert!(server.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_an_answer_is_not_idle() {
        let (mut client, _server) = connect(Latency::Fixed(HOUR / 2), 64 * 1024);
        client.write_all(REQUEST).await.unwrap();
        assert!(read_answer(&mut client).await.starts_with("HTTP/1.1 200"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_reads_is_given_up() {
        let started = Instant::now();
        let (mut client, server) = connect(Latency::None, 100);
        client.write_all(REQUEST).await.unwrap();
        closed(server).await;
        assert_eq!(started.elapsed().as_secs(), UNREAD.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_read_slowly_arrives() {
        let (mut client, _server) = connect(Latency::None, 100);
        client.write_all(REQUEST).await.unwrap();
        let code = CountryCode::new("BR").unwrap();
        let image = crate::countries::find(code).unwrap().image;
        let mut answer = Vec::new();
        while !answer.ends_with(image) {
            sleep(UNREAD.mul_f64(0.9)).await;
            assert_ne!(client.read_buf(&mut answer).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn one_address_leaves_room_for_others() {
        let connections = Connections::new(100, 3);
        let mut admitted = Vec::new();
        for _ in 0..3 {
            admitted.push(connections.admit(STUDENT).await.unwrap());
        }
        assert!(connections.admit(STUDENT).await.is_none());
        // The same address, as a listener for both kinds sees it.
        let IpAddr::V4(address) = STUDENT else { unreachable!() };
        let mapped = address.to_ipv6_mapped().into();
        assert!(connections.admit(mapped).await.is_none());
        assert!(connections.admit([192, 168, 1, 8].into()).await.is_some());

        admitted.pop();
        admitted.push(connections.admit(mapped).await.unwrap());
        assert!(connections.admit(STUDENT).await.is_none());
        drop(admitted);
        assert_eq!(connections.left.available_permits(), 100);
        assert!(connections.per_address.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn where_there_is_no_room_the_next_one_waits() {
        let connections = Connections::new(4, 2);
        let mut admitted = Vec::new();
        for loopback in [LOOPBACK, LOOPBACK, "::1".parse().unwrap(), LOOPBACK] {
            admitted.push(connections.admit(loopback).await.unwrap());
        }
        assert!(timeout(HOUR, connections.admit(STUDENT)).await.is_err());
        admitted.pop();
        assert!(timeout(HOUR, connections.admit(STUDENT)).await.unwrap().is_some());
        // The one that waited in vain is not counted any more.
        assert!(connections.per_address.lock().unwrap().is_empty());
    }

    #[test]
    fn the_room_depends_on_the_limit_of_open_files() {
        for (limit, most, most_per_address) in [
            (None, 16_384, 1024),
            (Some(u64::MAX), 16_384, 1024),
            (Some(10_240), 8960, 1024),
            (Some(1024), 896, 448),
            (Some(24), 21, 11),
            (Some(0), 1, 1),
        ] {
            let connections = Connections::with_open_files(limit);
            assert_eq!(connections.left.available_permits(), most, "{limit:?}");
            assert_eq!(connections.most_per_address, most_per_address, "{limit:?}");
        }
    }
}
