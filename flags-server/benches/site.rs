//! What the site needs for an answer when it does not wait on purpose.
//!
//! ```text
//! $ cargo bench -p flags-server
//! ```

use std::io::{Read, Write};
use std::net::TcpStream;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use divan::Bencher;
use flags_server::{FlagServer, Profile, WatchedServer, app};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const FLAG: &str = "/flags/br/br.gif";

fn main() {
    divan::main();
}

/// From a request to the last byte of its answer, without a socket.
#[divan::bench(args = [FLAG, "/flags/br/metadata.json", "/flags/zz/zz.gif"])]
fn answer(bencher: Bencher, path: &str) {
    let (runtime, site) = site();
    let request = || Request::get(path).body(Body::empty()).unwrap();
    bencher.with_inputs(request).bench_local_values(|request| {
        runtime.block_on(async {
            let answer = site.clone().oneshot(request).await.unwrap();
            to_bytes(answer.into_body(), usize::MAX).await.unwrap()
        })
    });
}

/// The same over a connection that is kept open, which is how the downloaders ask.
#[divan::bench]
fn answer_over_a_connection(bencher: Bencher) {
    let server = FlagServer::start(Profile::Local.behaviour(), None).unwrap();
    ask_again_and_again(bencher, server.url());
}

/// The same from a site that remembers each request, which is how experiments ask.
#[divan::bench]
fn watched_answer_over_a_connection(bencher: Bencher) {
    let server = WatchedServer::start(Profile::Local.behaviour(), None).unwrap();
    ask_again_and_again(bencher, server.url());
}

fn ask_again_and_again(bencher: Bencher, url: &str) {
    let address = url.trim_start_matches("http://").trim_end_matches("/flags");
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_nodelay(true).unwrap();
    let request = format!("GET {FLAG} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut exchange = |answer: &mut [u8]| {
        connection.write_all(request.as_bytes()).unwrap();
        connection.read_exact(answer).unwrap();
    };
    // All answers are of the same length, so the first one tells how far to read.
    let mut answer = vec![0; length_of_answer(address, &request)];
    bencher.bench_local(|| exchange(&mut answer));
    assert!(answer.starts_with(b"HTTP/1.1 200 OK") && answer.ends_with(b";"));
}

fn site() -> (Runtime, Router) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    (runtime, app(Profile::Local.behaviour(), None))
}

fn length_of_answer(address: &str, request: &str) -> usize {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    // The site repeats that the connection is going to be closed.
    answer.len() - "connection: close\r\n".len()
}
