//! What one connection may take: no more than what a client needs that means well.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_io_timeout::TimeoutWriter;

use crate::activity::Activity;
use crate::half_close::HalfClosing;

/// The largest head of a request, in bytes. Clients send some hundred, browsers with
/// many cookies some thousand, and the server holds that much for every connection.
const LARGEST_HEAD: usize = 16 * 1024;
/// How long a connection may stay without a complete head of a request: a new one, one
/// that is kept for the next request, and one whose head arrives drop by drop.
const IDLE: Duration = Duration::from_secs(30);
/// How long an answer may be stuck because the client does not read on.
const UNREAD: Duration = Duration::from_secs(30);

/// What a request has come on. [`serve`](crate::serve) makes it an extension of every
/// request, as `ConnectInfo<Connection>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// Where its client is.
    pub client: SocketAddr,
    /// Which of the connections to its listener it is, counted from 1.
    pub number: u64,
}

/// Answers the requests that come on a stream until that ends, or until somebody else
/// needs its place while it waits for one.
pub(crate) async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: Connection,
    activity: &Arc<Activity>,
    app: impl Service<Request<Incoming>, Response = Response, Error = Infallible>,
) {
    let answer = service_fn(move |mut request: Request<_>| {
        let in_flight = activity.begin(request.version());
        let answer = has_one_host(&request).then(|| {
            request.extensions_mut().insert(ConnectInfo(connection));
            app.call(request)
        });
        async move {
            let response = match answer {
                Some(answer) => answer.await?,
                None => without_one_host(),
            };
            Ok::<_, Infallible>(response.map(|body| in_flight.until_sent(body)))
        }
    });
    let mut stream = TimeoutWriter::new(HalfClosing::new(stream, Arc::clone(activity)));
    stream.set_timeout(Some(UNREAD));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        // This counts for every head, from the moment the connection waits for it.
        .header_read_timeout(IDLE)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer);
    let has_to_make_room = pin!(activity.has_to_make_room());
    tokio::select! {
        biased;
        // An error concerns this connection only, and it is the client that should know:
        // it has got an answer such as 431, or is gone.
        _ = served => {}
        () = has_to_make_room => {}
    }
}

/// Whether a request says once what server it is for. From HTTP/1.1 on it has to, or two
/// that read it could take it for different ones (RFC 9112, section 3.2).
fn has_one_host<B>(request: &Request<B>) -> bool {
    let is_needed = request.version() >= Version::HTTP_11;
    match request.headers().get_all(HOST).iter().count() {
        0 => !is_needed,
        number => number == 1,
    }
}

fn without_one_host() -> Response {
    let text = "A request needs one Host header, no more and no less.\n";
    (StatusCode::BAD_REQUEST, text).into_response()
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
    const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

    /// The client's end of a connection that holds this many bytes on their way, to a
    /// site that waits this long before an answer.
    fn connect(latency: Latency, capacity: usize) -> (DuplexStream, JoinHandle<()>) {
        let (client, stream) = duplex(capacity);
        (client, serve_with(latency, stream, Arc::new(Activity::new())))
    }

    fn serve_with(
        latency: Latency,
        stream: DuplexStream,
        activity: Arc<Activity>,
    ) -> JoinHandle<()> {
        let app = app(Behaviour { latency, error_rate: 0.0 }, None);
        let client = (Ipv4Addr::LOCALHOST, 9).into();
        let connection = Connection { client, number: 1 };
        let app = TowerToHyperService::new(app.with_state(()));
        tokio::spawn(async move {
            serve_connection(stream, connection, &activity, app).await;
        })
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

    #[tokio::test(start_paused = true)]
    async fn who_has_said_all_and_still_listens_gets_its_answer() {
        for latency in [Latency::None, Latency::Fixed(HOUR / 2)] {
            let (mut client, server) = connect(latency, 64 * 1024);
            client.write_all(&REQUEST.repeat(2)).await.unwrap();
            client.shutdown().await.unwrap();
            let mut text = Vec::new();
            timeout(2 * HOUR, client.read_to_end(&mut text)).await.unwrap().unwrap();
            let text = String::from_utf8_lossy(&text).replace(CONTINUE, "");
            assert_eq!(text.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{text}");
            assert!(text.starts_with("HTTP/1.1 200"), "{text}");
            // No sooner than with the last answer, and no later.
            closed(server).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_said_meanwhile_is_never_within_an_answer() {
        let (client, _server) = connect(Latency::Fixed(HOUR / 2), 40);
        let (mut reader, mut writer) = tokio::io::split(client);
        let ask = async move {
            writer.write_all(&REQUEST.repeat(3)).await.unwrap();
            writer.shutdown().await.unwrap();
        };
        let read = async move {
            let mut text = Vec::new();
            while reader.read_buf(&mut text).await.unwrap() > 0 {
                // So slowly that there is something to be said before it has read on.
                sleep(Duration::from_millis(60)).await;
            }
            text
        };
        let (text, ()) = tokio::join!(read, ask);
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains(CONTINUE));
        let answers = text.replace(CONTINUE, "");
        assert_eq!(answers.matches("HTTP/1.1").count(), 3);
        let code = CountryCode::new("BR").unwrap();
        let image = crate::countries::find(code).unwrap().image;
        assert_eq!(answers.matches(&*String::from_utf8_lossy(image)).count(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_gone_is_not_waited_for() {
        let (mut client, server) = connect(Latency::Fixed(HOUR / 2), 64 * 1024);
        client.write_all(REQUEST).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        let left = Instant::now();
        drop(client);
        closed(server).await;
        assert!(left.elapsed() < Duration::from_secs(1), "{:?}", left.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn to_a_client_of_the_first_version_nothing_is_said_before_the_answer() {
        let (mut client, _server) = connect(Latency::Fixed(HOUR / 2), 64 * 1024);
        client.write_all(b"GET /flags/br/br.gif HTTP/1.0\r\n\r\n").await.unwrap();
        client.shutdown().await.unwrap();
        let answer = read_answer(&mut client).await;
        assert!(answer.starts_with("HTTP/1.0 200") && !answer.contains(" 100 "));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_needs_one_host() {
        for (version, hosts, status) in [
            ("1.1", "", "400"),
            ("1.1", "Host: a\r\nHost: a\r\n", "400"),
            ("1.1", "Host: a\r\nhost: b\r\n", "400"),
            ("1.0", "Host: a\r\nHost: b\r\n", "400"),
            ("1.1", "Host: a\r\n", "200"),
            ("1.1", "Host:\r\n", "200"),
            ("1.0", "Host: a\r\n", "200"),
            ("1.0", "", "200"),
        ] {
            let (mut client, _server) = connect(Latency::None, 64 * 1024);
            let request = format!("GET /flags/br/br.gif HTTP/{version}\r\n{hosts}\r\n");
            client.write_all(request.as_bytes()).await.unwrap();
            let answer = read_answer(&mut client).await;
            let expected = format!("HTTP/{version} {status} ");
            assert!(answer.starts_with(&expected), "{version} {hosts} {answer}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_makes_room_only_while_it_waits_for_a_request() {
        let delay = Duration::from_secs(9);
        let (mut client, stream) = duplex(64 * 1024);
        let activity = Arc::new(Activity::new());
        let server = serve_with(Latency::Fixed(delay), stream, Arc::clone(&activity));
        client.write_all(REQUEST).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        activity.ask_for_room();
        assert!(read_answer(&mut client).await.starts_with("HTTP/1.1 200"));
        assert!(!server.is_finished());
        activity.ask_for_room();
        let asked = Instant::now();
        closed(server).await;
        assert!(asked.elapsed() < Duration::from_secs(1));
    }
}
