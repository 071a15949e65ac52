//! The routes of the page, and who may clear it.

use std::convert::Infallible;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use flags_server::{FlagFile, countries};
use futures::stream::{self, Stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::history::History;

/// What the page may load: only what this server has, and nothing written into it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The page in front of a site, which answers all that the page does not.
pub(crate) fn page(site: Router, history: Arc<History>) -> Router {
    Router::new()
        .route(
            "/",
            file("text/html; charset=utf-8", include_str!("../../page/index.html")),
        )
        .route(
            "/live/style.css",
            file("text/css; charset=utf-8", include_str!("../../page/style.css")),
        )
        .route("/live/main.js", script(include_str!("../../page/main.js")))
        .route("/live/runs.js", script(include_str!("../../page/runs.js")))
        .route("/live/chart.js", script(include_str!("../../page/chart.js")))
        .route("/live/controls.js", script(include_str!("../../page/controls.js")))
        .route("/live/flags/{*path}", get(picture))
        .route("/live/events", get(events))
        .route("/live/runs.json", get(runs))
        .route("/live/clear", post(clear))
        .layer(map_response(protect))
        .with_state(history)
        .fallback_service(site)
}

fn script(text: &'static str) -> MethodRouter<Arc<History>> {
    file("text/javascript; charset=utf-8", text)
}

fn file(content_type: &'static str, text: &'static str) -> MethodRouter<Arc<History>> {
    // Without a version of its own, a file of yesterday's server could be shown.
    get(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")], text))
}

async fn protect(mut response: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The flags again, below `/live`, where they are neither slow nor faulty.
async fn picture(uri: Uri) -> Response {
    let country = match uri.path().strip_prefix("/live").and_then(FlagFile::at) {
        Some(FlagFile::Image(code)) => countries::find(code),
        _ => None,
    };
    let Some(country) = country else {
        return (StatusCode::NOT_FOUND, "There is no such flag.\n").into_response();
    };
    let headers = [(CONTENT_TYPE, "image/gif"), (CACHE_CONTROL, "max-age=86400")];
    (headers, country.image).into_response()
}

async fn runs(State(history): State<Arc<History>>) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, history.to_json().await)
}

async fn events(
    State(history): State<Arc<History>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(Reader { history, changes: None }, |mut reader| async {
        Some((Ok(reader.next().await), reader))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// One open page.
struct Reader {
    history: Arc<History>,
    /// What comes after everything that it was told last.
    changes: Option<Receiver<Event>>,
}

impl Reader {
    async fn next(&mut self) -> Event {
        if let Some(changes) = &mut self.changes {
            match changes.recv().await {
                Ok(event) => return event,
                // It was too slow for some of them. The history, which sends them, is
                // held by this reader itself, so it is never closed.
                Err(RecvError::Lagged(_) | RecvError::Closed) => {}
            }
        }
        let (text, changes) = self.history.subscribe().await;
        self.changes = Some(changes);
        Event::default().event("runs").data(text)
    }
}

async fn clear(State(history): State<Arc<History>>, headers: HeaderMap) -> Response {
    if !is_from_this_page(&headers) {
        let refusal = "Only the page of this server itself may do this.\n";
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    history.clear();
    StatusCode::NO_CONTENT.into_response()
}

/// Whether a request was sent by a page of this server, and not by one of another site
/// that happens to be open in the same browser.
///
/// The browser names the origin of the page, and a page cannot change that. But the
/// owner of a domain could let its name lead to this server (DNS rebinding); the origin
/// is then the host after all. So names are refused, except the one that nobody owns.
fn is_from_this_page(headers: &HeaderMap) -> bool {
    let (Some(host), Some(origin)) = (only(headers, HOST), only(headers, ORIGIN)) else {
        return false;
    };
    origin.strip_prefix("http://") == Some(host) && is_address_or_localhost(host)
}

/// The value of a header that is there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_address_or_localhost(host: &str) -> bool {
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    name == "localhost"
        || name.parse::<Ipv4Addr>().is_ok()
        || in_brackets.is_some_and(|name| name.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::net::SocketAddr;
    use std::time::Duration;

    use axum::body::{Body, BodyDataStream, to_bytes};
    use axum::extract::{ConnectInfo, Request};
    use axum::http::header::USER_AGENT;
    use flags_server::{Behaviour, Latency, app};
    use futures::StreamExt;
    use hyper::service::Service;
    use serde_json::Value;
    use tokio::time::{Instant, sleep, timeout};

    use super::super::history::Site;
    use super::super::record::RecordedSite;
    use super::*;

    const PERIOD: Duration = Duration::from_millis(50);

    /// Sites that share one history, apart from sockets.
    struct Live {
        slow: RecordedSite,
        fast: RecordedSite,
    }

    impl Live {
        /// The first site holds every answer back for so long.
        fn new(delay: Duration) -> Self {
            Self::with_latency(Latency::Fixed(delay), None)
        }

        fn with_latency(slow: Latency, seed: Option<u64>) -> Self {
            let site = |name: &str| Site {
                name: name.to_owned(),
                behaviour: "answers".to_owned(),
                url: "http://127.0.0.1:8000/flags".to_owned(),
            };
            let history = Arc::new(History::new(vec![site("SLOW"), site("FAST")], seed));
            let site = |name: &str, latency| {
                let app = app(Behaviour { latency, error_rate: 0.0 }, None);
                let page = page(app.clone(), Arc::clone(&history));
                RecordedSite::new(app, page, name, &history)
            };
            let (slow, fast) = (site("SLOW", slow), site("FAST", Latency::None));
            tokio::spawn(async move { history.publish().await });
            Self { slow, fast }
        }

        async fn runs(&self) -> Value {
            let answer = ask(&self.fast, "/live/runs.json").await;
            let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            serde_json::from_slice(&text).unwrap()
        }

        async fn events(&self) -> Events {
            Events(ask(&self.fast, "/live/events").await.into_body().into_data_stream())
        }
    }

    async fn ask(site: &RecordedSite, path: &str) -> Response {
        ask_as(site, "", path).await
    }

    async fn ask_as(site: &RecordedSite, agent: &str, path: &str) -> Response {
        let request = Request::get(path).header(USER_AGENT, agent);
        let mut request = request.body(Body::empty()).unwrap();
        let client = SocketAddr::from(([127, 0, 0, 1], 9));
        request.extensions_mut().insert(ConnectInfo(client));
        let Ok(response) = site.call(request).await;
        response
    }

    struct Events(BodyDataStream);

    impl Events {
        async fn next(&mut self) -> (String, Value) {
            loop {
                let bytes = self.0.next().await.unwrap().unwrap();
                let text = std::str::from_utf8(&bytes).unwrap();
                // What begins with a colon only keeps the connection alive.
                let Some(event) = text.strip_prefix("event: ") else { continue };
                let (name, data) = event.trim_end().split_once("\ndata: ").unwrap();
                return (name.to_owned(), serde_json::from_str(data).unwrap());
            }
        }

        async fn expect(&mut self, name: &str) -> Value {
            let (found, data) = self.next().await;
            assert_eq!(found, name, "{data}");
            data
        }
    }

    fn length(list: &Value) -> usize {
        list.as_array().unwrap().len()
    }

    #[tokio::test(start_paused = true)]
    async fn everything_comes_first_and_then_changes_in_bundles() {
        let delay = Duration::from_millis(455);
        let live = Live::new(delay);
        ask(&live.fast, "/flags/us/us.gif").await;
        let mut events = live.events().await;
        let everything = events.expect("runs").await;
        assert_eq!(length(&everything["sites"]), 2);
        assert_eq!(length(&everything["runs"]), 1);

        let started = Instant::now();
        let requests = (0..100).map(|_| ask(&live.slow, "/flags/br/br.gif"));
        let requests = futures::future::join_all(requests);
        let watch = async {
            let begun = events.expect("changes").await;
            assert!(started.elapsed() <= PERIOD);
            assert_eq!((&begun["runs"][0]["id"], length(&begun["runs"])), (&1.into(), 1));
            assert_eq!(length(&begun["runs"][0]["bars"]), 100);
            assert_eq!(begun["runs"][0]["inFlight"], 100);
            let ended = events.expect("changes").await;
            assert!((delay..=delay + PERIOD).contains(&started.elapsed()));
            assert_eq!(length(&ended["runs"][0]["bars"]), 100);
            assert_eq!(ended["runs"][0]["inFlight"], 0);
            assert_eq!(ended["runs"][0]["longestDelay"], 455.0);
        };
        tokio::join!(requests, watch);
        // Nothing changes any more, so nothing is told, and the connection stays.
        assert!(timeout(Duration::from_secs(3600), events.next()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_is_too_slow_gets_everything_anew() {
        let live = Live::new(Duration::ZERO);
        let mut slow = live.events().await;
        slow.expect("runs").await;
        let mut quick = live.events().await;
        quick.expect("runs").await;
        for request in 1..=1000 {
            ask(&live.fast, "/flags/br/br.gif").await;
            let changes = quick.expect("changes").await;
            assert_eq!(changes["runs"][0]["answered"], request);
        }
        let everything = slow.expect("runs").await;
        assert_eq!(length(&everything["runs"][0]["bars"]), 1000);
        ask(&live.fast, "/flags/br/br.gif").await;
        assert_eq!(slow.expect("changes").await["runs"][0]["answered"], 1001);
    }

    #[tokio::test(start_paused = true)]
    async fn who_joins_while_something_happens_misses_nothing() {
        let live = Live::new(Duration::from_secs(1));
        let requests = (0..20).map(|number| {
            let live = &live;
            async move {
                sleep(number * Duration::from_millis(7)).await;
                ask(&live.slow, "/flags/br/br.gif").await;
            }
        });
        let readers = (0..20).map(|number| {
            let live = &live;
            async move {
                sleep(number * Duration::from_millis(61)).await;
                let mut events = live.events().await;
                let mut run = events.expect("runs").await["runs"][0].take();
                while run["answered"] != 20 {
                    let changes = events.expect("changes").await["runs"][0].take();
                    for bar in changes["bars"].as_array().unwrap() {
                        let number = bar["number"].as_u64().unwrap();
                        let number = usize::try_from(number).unwrap();
                        if run["bars"].is_null() {
                            run["bars"] = Value::Array(Vec::new());
                        }
                        let bars = run["bars"].as_array_mut().unwrap();
                        // Each continues what came before.
                        assert!(number <= bars.len());
                        bars.truncate(bars.len().max(number));
                        if number == bars.len() {
                            bars.push(bar.clone());
                        } else {
                            bars[number] = bar.clone();
                        }
                    }
                    run["answered"] = changes["answered"].clone();
                }
                run["bars"].take()
            }
        });
        let (_, bars) = tokio::join!(
            futures::future::join_all(requests),
            futures::future::join_all(readers),
        );
        let expected = live.runs().await["runs"][0]["bars"].take();
        assert_eq!(length(&expected), 20);
        assert!(bars.iter().all(|bars| *bars == expected));
    }

    /// The delays that each of four runs meets, two of which name themselves, with five
    /// flags one after another.
    async fn delays_of_four_runs(seed: Option<u64>) -> Vec<Vec<Duration>> {
        let latency = Latency::Exponential { mean: Duration::from_secs(1) };
        let live = Live::with_latency(latency, seed);
        let mut runs = Vec::new();
        for agent in ["a (run 1)", "a (run 2)", "curl", "curl"] {
            let mut delays = Vec::new();
            for code in ["br", "cn", "id", "in", "us"] {
                let started = Instant::now();
                ask_as(&live.slow, agent, &format!("/flags/{code}/{code}.gif")).await;
                delays.push(started.elapsed());
            }
            runs.push(delays);
            // Without a name, this makes it another run.
            sleep(Duration::from_secs(5)).await;
        }
        runs
    }

    #[tokio::test(start_paused = true)]
    async fn every_run_meets_the_same_delays_and_with_a_seed_in_the_same_order() {
        let runs = delays_of_four_runs(Some(1)).await;
        assert!(runs.iter().all(|delays| *delays == runs[0]));

        let mut orders = HashSet::new();
        let mut sets = HashSet::new();
        for _ in 0..20 {
            for mut delays in delays_of_four_runs(None).await {
                orders.insert(delays.clone());
                delays.sort_unstable();
                sets.insert(delays);
            }
        }
        assert_eq!(sets.len(), 1);
        assert!(orders.len() > 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_goes_away_has_ended_its_request() {
        let live = Live::new(Duration::from_secs(3600));
        let request = ask(&live.slow, "/flags/br/br.gif");
        assert!(timeout(Duration::from_secs(9), request).await.is_err());
        let run = &live.runs().await["runs"][0];
        assert_eq!((&run["answered"], &run["failed"]), (&1.into(), &1.into()));
        assert_eq!((&run["inFlight"], &run["ended"]), (&0.into(), &9000.0.into()));
        assert_eq!(run["bars"][0]["end"], 9000.0);
        assert_eq!(run["bars"][0]["status"], Value::Null);
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_is_below_flags_is_recorded() {
        let live = Live::new(Duration::ZERO);
        for path in [
            "/",
            "/flags",
            "/flags/",
            "/favicon.ico",
            "/live/flags/br/br.gif",
            "/live/nothing",
        ] {
            ask(&live.fast, path).await;
        }
        assert_eq!(length(&live.runs().await["runs"]), 0);
        for (path, label, status) in [
            ("/flags/br/br.gif", "BR", 200),
            ("/flags/zz/zz.gif", "ZZ", 404),
            ("/flags/x", "/flags/x", 404),
        ] {
            ask(&live.fast, path).await;
            let runs = live.runs().await;
            let bar = runs["runs"][0]["bars"].as_array().unwrap().last().unwrap();
            assert_eq!((&bar["label"], &bar["status"]), (&label.into(), &status.into()));
        }
    }

    #[test]
    fn only_this_servers_own_page_is_believed() {
        let is_believed = |host: &[&str], origin: &[&str]| {
            let mut headers = HeaderMap::new();
            for (name, values) in [(HOST, host), (ORIGIN, origin)] {
                for value in values {
                    headers.append(&name, HeaderValue::from_str(value).unwrap());
                }
            }
            is_from_this_page(&headers)
        };
        for host in [
            "localhost:8000",
            "localhost",
            "127.0.0.1:8000",
            "192.168.1.7:80",
            "10.0.0.1",
            "[::1]:8000",
            "[fe80::1]",
        ] {
            let origin = format!("http://{host}");
            assert!(is_believed(&[host], &[&origin]), "{host}");
            for other in [
                "null",
                "http://localhost:8001",
                "http://evil.example",
                &format!("https://{host}"),
                &format!("http://{host}/"),
                &format!("http://{host}.evil.example"),
                host,
                "",
            ] {
                assert!(!is_believed(&[host], &[other]), "{host} {other}");
            }
            assert!(!is_believed(&[host], &[]), "{host}");
            assert!(!is_believed(&[], &[&origin]), "{host}");
            assert!(!is_believed(&[host, host], &[&origin]), "{host}");
            assert!(!is_believed(&[host], &[&origin, &origin]), "{host}");
        }
        // The name of somebody's domain can lead here, whatever it looks like.
        for host in [
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "evil.example:99999",
            "user@localhost",
            "localhost:",
            "::1",
            "[localhost]",
            "",
        ] {
            let origin = format!("http://{host}");
            assert!(!is_believed(&[host], &[&origin]), "{host}");
        }
    }
}
