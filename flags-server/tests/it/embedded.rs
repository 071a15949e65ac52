//! What the site answers, from a [`FlagServer`], and how that starts and stops.

use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flags_server::{Behaviour, CountryCode, FlagServer, Latency, Profile, countries};

use crate::support::client::Client;
use crate::support::program::LIMIT;

const BRAZIL: &str = "/flags/br/br.gif";
const BRAZIL_METADATA: &str = "/flags/br/metadata.json";

fn start(latency: Latency, error_rate: f64) -> FlagServer {
    FlagServer::start(Behaviour { latency, error_rate }, Some(1)).unwrap()
}

fn local() -> (FlagServer, Client) {
    let server = start(Latency::None, 0.0);
    let client = Client::connect(server.url());
    (server, client)
}

#[test]
fn a_flag_is_a_gif_with_its_length() {
    let (_server, mut client) = local();
    let answer = client.get(BRAZIL);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("image/gif"));
    assert!(answer.body.starts_with(b"GIF8"));
    let brazil = CountryCode::new("br").and_then(countries::find).unwrap();
    assert_eq!(answer.body, brazil.image);
}

#[test]
fn metadata_is_json() {
    let (_server, mut client) = local();
    let answer = client.get(BRAZIL_METADATA);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let expected = r#"{"iso_cc": "BR", "tld_cc": ".br", "country": "Brazil"}"#;
    assert_eq!(String::from_utf8_lossy(&answer.body).trim_end(), expected);
}

#[test]
fn head_is_get_without_the_body_and_the_connection_stays() {
    let (_server, mut client) = local();
    let get = client.get(BRAZIL);
    let head = client.ask("HEAD", BRAZIL, "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    // A body after all would be read as the beginning of this answer.
    assert_eq!(client.get(BRAZIL_METADATA).status, 200);
}

#[test]
fn other_methods_are_refused_with_those_that_are_allowed() {
    let (_server, mut client) = local();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = client.ask(method, BRAZIL, "Content-Length: 0\r\n");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET,HEAD"));
    }
}

#[test]
fn what_is_not_there_is_told_together_with_what_is() {
    let (_server, mut client) = local();
    for path in [
        "/flags/zz/zz.gif",
        "/flags/BR/BR.gif",
        "/flags/br",
        "/flags/br/us.gif",
        "/favicon.ico",
        "/flags/../../etc/passwd",
        "/flags/br/../us/us.gif",
        "/flags/%2e%2e/%2e%2e/etc/passwd",
        "/flags/br/..%2f..%2fCargo.toml",
        "/flags/%ff/%00",
        "//etc/passwd",
    ] {
        let answer = client.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains(path), "{path}");
        assert!(answer.text().contains("/flags/br/br.gif"), "{path}");
    }
}

#[test]
fn the_first_page_tells_what_the_site_is() {
    let (_server, mut client) = local();
    for path in ["/", "/flags", "/flags/"] {
        let answer = client.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains("answers at once"), "{path}");
        assert!(answer.text().contains(BRAZIL), "{path}");
    }
}

#[test]
fn a_malformed_request_is_refused_and_the_site_goes_on() {
    let (server, mut client) = local();
    client.send("HELLO?\r\n\r\n");
    assert_eq!(client.receive(true).status, 400);
    assert!(client.is_closed());
    assert_eq!(Client::connect(server.url()).get(BRAZIL).status, 200);
}

#[test]
fn every_answer_can_be_made_an_error() {
    let server = start(Latency::None, 1.0);
    let mut client = Client::connect(server.url());
    for path in [BRAZIL, BRAZIL_METADATA, "/flags/zz/zz.gif"] {
        let answer = client.get(path);
        assert_eq!(answer.status, 418, "{path}");
        assert!(answer.text().contains("on purpose"));
    }
    assert_eq!(client.get("/").status, 200);
}

#[test]
fn an_answer_is_not_earlier_than_its_delay() {
    let delay = Duration::from_millis(50);
    let server = start(Latency::Fixed(delay), 0.0);
    for path in [BRAZIL, "/flags/zz/zz.gif"] {
        let started = Instant::now();
        Client::connect(server.url()).get(path);
        assert!(started.elapsed() >= delay, "{path}");
    }
}

#[test]
fn with_one_seed_the_errors_of_a_flag_do_not_depend_on_the_order() {
    const PATHS: [&str; 4] =
        [BRAZIL, BRAZIL_METADATA, "/flags/us/us.gif", "/flags/zz/zz.gif"];
    const TURNS: usize = 16;

    fn statuses(url: &str, path: &str) -> Vec<u16> {
        let mut client = Client::connect(url);
        (0..TURNS).map(|_| client.get(path).status).collect()
    }

    let server = start(Latency::None, 0.5);
    let one_after_another = PATHS.map(|path| statuses(server.url(), path));

    let server = start(Latency::None, 0.5);
    let all_at_once = thread::scope(|scope| {
        PATHS
            .map(|path| scope.spawn(|| statuses(server.url(), path)))
            .map(|thread| thread.join().unwrap())
    });
    assert_eq!(one_after_another, all_at_once);
    // With another seed, or one row for all, this would not be a test.
    let server =
        FlagServer::start(Behaviour { latency: Latency::None, error_rate: 0.5 }, Some(2));
    let other_seed = PATHS.map(|path| statuses(server.as_ref().unwrap().url(), path));
    assert_ne!(one_after_another, other_seed);
    assert_ne!(one_after_another[0], one_after_another[2]);
}

#[test]
fn dropping_the_server_ends_requests_in_flight_at_once() {
    let server = start(Latency::Fixed(Duration::from_secs(3600)), 0.0);
    let mut waiting = Client::connect(server.url());
    waiting.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n\r\n"));
    // The server has one thread, which has taken up the first request when it answers
    // a later one.
    assert_eq!(Client::connect(server.url()).get("/").status, 200);

    let address = server.url().to_owned();
    let (sender, stopped) = mpsc::channel();
    thread::spawn(move || {
        drop(server);
        sender.send(())
    });
    stopped.recv_timeout(LIMIT).expect("it stops without an answer to the request");
    assert!(waiting.is_closed());
    let address = address.trim_start_matches("http://").trim_end_matches("/flags");
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn who_has_said_all_and_still_listens_gets_the_answer() {
    let delay = Duration::from_millis(300);
    for latency in [Latency::None, Latency::Fixed(delay)] {
        let server = start(latency, 0.0);
        let mut client = Client::connect(server.url());
        client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n\r\n"));
        client.end();
        let mut answer = client.receive(true);
        // What a client has to read and to ignore (RFC 9110, section 15.2).
        while answer.status == 100 {
            answer = client.receive(true);
        }
        assert_eq!(answer.status, 200, "{latency:?}");
        assert!(answer.body.starts_with(b"GIF8"));
        assert!(client.is_closed());
    }
}

#[test]
fn two_servers_run_side_by_side() {
    let servers =
        [Profile::Local; 2].map(|profile| start(profile.behaviour().latency, 0.0));
    assert_ne!(servers[0].url(), servers[1].url());
    for server in &servers {
        assert_eq!(Client::connect(server.url()).get(BRAZIL).status, 200);
    }
}

#[test]
fn the_open_file_limit_is_not_lowered() {
    let first = flags_server::raise_open_file_limit();
    assert_eq!(first.is_some(), cfg!(unix));
    assert_eq!(first, flags_server::raise_open_file_limit());
}

/// Only on Linux is the backlog as long as the program asks for; macOS has at most 128.
#[cfg(target_os = "linux")]
#[test]
fn connections_wait_until_they_are_accepted() {
    use std::net::Ipv4Addr;

    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Nobody polls the listener, so nothing is ever accepted.
    let _context = runtime.enter();
    let listener = flags_server::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let connections: Vec<_> = (0..200)
        .map(|_| TcpStream::connect_timeout(&address, Duration::from_secs(60)).unwrap())
        .collect();
    assert_eq!(connections.len(), 200);
}
