//! Two sites and their page, apart from sockets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN, USER_AGENT};
use axum::response::Response;
use flags_server::{Behaviour, Connection, Latency, ObservedSite, app};
use futures::StreamExt;
use hyper::service::Service;
use serde_json::Value;
use tokio::time::timeout;

use super::history::{History, Site};
use super::page::page;
use super::record::SiteRecord;

/// Sites that share one history, apart from sockets.
pub(super) struct Live {
    pub(super) slow: ObservedSite<SiteRecord>,
    pub(super) fast: ObservedSite<SiteRecord>,
}

impl Live {
    /// The first site holds every answer back for this long.
    pub(super) fn new(delay: Duration) -> Self {
        Self::with_latency(Latency::Fixed(delay), None)
    }

    pub(super) fn with_latency(slow: Latency, seed: Option<u64>) -> Self {
        let site = |name: &str| Site {
            name: name.to_owned(),
            behaviour: "answers".to_owned(),
            url: "http://127.0.0.1:8000/flags".to_owned(),
            port: 8000,
        };
        let history = Arc::new(History::new(vec![site("SLOW"), site("FAST")], seed));
        let site = |name: &str, latency| {
            let app = app(Behaviour { latency, error_rate: 0.0 }, None);
            let page = page(name, app.clone(), Arc::clone(&history));
            ObservedSite::new(app, page, Arc::new(SiteRecord::new(name, &history)))
        };
        let (slow, fast) = (site("SLOW", slow), site("FAST", Latency::None));
        tokio::spawn(async move { history.publish().await });
        Self { slow, fast }
    }

    pub(super) async fn runs(&self) -> Value {
        let answer = ask(&self.fast, "/live/runs.json").await;
        let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    pub(super) async fn events(&self) -> Events {
        self.events_at("127.0.0.1").await
    }

    /// What a reader at this address is told.
    pub(super) async fn events_at(&self, address: &str) -> Events {
        let request = Request::get("/live/events").body(Body::empty()).unwrap();
        let answer = send(&self.fast, address, request).await;
        Events { stream: answer.into_body().into_data_stream(), read: Vec::new() }
    }

    /// What a page at this address does when it changes what all see.
    pub(super) async fn post(&self, address: &str, path: &str) -> Response {
        let request = Request::post(path)
            .header(HOST, "localhost:8000")
            .header(ORIGIN, "http://localhost:8000");
        send(&self.fast, address, request.body(Body::empty()).unwrap()).await
    }

    /// What a program does at the end of its run.
    pub(super) async fn report(&self, agent: &str, text: Body) -> Response {
        self.report_as("application/json", agent, text).await
    }

    pub(super) async fn report_as(
        &self,
        content_type: &str,
        agent: &str,
        text: Body,
    ) -> Response {
        let request = Request::post("/live/report")
            .header(HOST, "teacher.example:8000")
            .header(USER_AGENT, agent)
            .header(CONTENT_TYPE, content_type);
        send(&self.fast, "127.0.0.1", request.body(text).unwrap()).await
    }
}

pub(super) async fn ask(site: &ObservedSite<SiteRecord>, path: &str) -> Response {
    ask_as(site, "", path).await
}

pub(super) async fn ask_as(
    site: &ObservedSite<SiteRecord>,
    agent: &str,
    path: &str,
) -> Response {
    let request = Request::get(path).header(USER_AGENT, agent);
    send(site, "127.0.0.1", request.body(Body::empty()).unwrap()).await
}

/// Sends a request from an address.
async fn send(
    site: &ObservedSite<SiteRecord>,
    address: &str,
    mut request: Request,
) -> Response {
    let client = SocketAddr::new(address.parse().unwrap(), 9);
    let connection = Connection { client, number: 1 };
    request.extensions_mut().insert(ConnectInfo(connection));
    let Ok(response) = site.call(request).await;
    response
}

/// What a reader is told, and what it has read of the next event.
pub(super) struct Events {
    stream: BodyDataStream,
    read: Vec<u8>,
}

impl Events {
    pub(super) async fn next(&mut self) -> (String, Value) {
        self.try_next().await.expect("the connection stays")
    }

    /// The next event; `None` where there will be none.
    pub(super) async fn try_next(&mut self) -> Option<(String, Value)> {
        loop {
            let end = self.read.windows(2).position(|pair| pair == b"\n\n");
            if let Some(end) = end {
                let event: Vec<_> = self.read.drain(..end + 2).collect();
                let event = std::str::from_utf8(&event).unwrap().trim_end();
                let event = event.strip_prefix("event: ").unwrap();
                let (name, data) = event.split_once("\ndata: ").unwrap();
                return Some((name.to_owned(), serde_json::from_str(data).unwrap()));
            }
            self.read.extend(self.stream.next().await?.unwrap());
        }
    }

    /// The next event of this name, whatever comes before it.
    pub(super) async fn expect_next(&mut self, name: &str) -> Value {
        let search = async {
            loop {
                let (found, data) = self.next().await;
                if found == name {
                    return data;
                }
            }
        };
        let data = timeout(Duration::from_secs(3600), search).await;
        data.expect("it happens within an hour")
    }

    pub(super) async fn expect(&mut self, name: &str) -> Value {
        let next = timeout(Duration::from_secs(3600), self.next());
        let (found, data) = next.await.expect("something happens within an hour");
        assert_eq!(found, name, "{data}");
        data
    }
}

pub(super) fn length(list: &Value) -> usize {
    list.as_array().unwrap().len()
}
