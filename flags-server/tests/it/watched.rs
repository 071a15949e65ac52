//! What a [`WatchedServer`] says of the requests that it got.

use std::io::ErrorKind;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flags_server::{
    Behaviour, CountryCode, Latency, Outcome, Profile, SeenRequest, WatchedServer,
};

use crate::support::client::Client;
use crate::support::program::LIMIT;

const BRAZIL: &str = "/flags/br/br.gif";
const NOTHING: &str = "/flags/zz/zz.gif";
const HOUR: Duration = Duration::from_secs(3600);

fn start(latency: Latency) -> WatchedServer {
    WatchedServer::start(Behaviour { latency, error_rate: 0.0 }, Some(1)).unwrap()
}

/// The requests, as soon as there are this many, whether they have ended or not.
fn requests(server: &WatchedServer, number: usize) -> Vec<SeenRequest> {
    let started = Instant::now();
    loop {
        let requests = server.requests();
        if requests.len() == number {
            return requests;
        }
        assert!(started.elapsed() < LIMIT, "{requests:?}");
        thread::yield_now();
    }
}

#[test]
fn an_answer_is_seen_with_its_path_and_status_before_the_client_has_it() {
    let server = start(Latency::None);
    let mut client = Client::connect(server.url());
    for number in 1..100 {
        let (path, status) = if number % 2 == 0 { (BRAZIL, 200) } else { (NOTHING, 404) };
        let sent = Instant::now();
        assert_eq!(client.get(path).status, status);
        let answered = Instant::now();
        let requests = server.requests();
        assert_eq!(requests.len(), number);
        let request = &requests[number - 1];
        assert_eq!(request.path, path);
        let end = request.end.unwrap();
        assert_eq!(end.outcome, Outcome::Answered { status, delay: Duration::ZERO });
        assert!(sent <= request.came && request.came <= end.at && end.at <= answered);
        assert_eq!((request.status(), request.was_given_up()), (Some(status), false));
    }
}

#[test]
fn an_answer_that_was_held_back_is_seen_with_its_delay() {
    let delay = Duration::from_millis(50);
    let behaviour = Behaviour { latency: Latency::Fixed(delay), error_rate: 1.0 };
    let server = WatchedServer::start(behaviour, None).unwrap();
    assert_eq!(Client::connect(server.url()).get(BRAZIL).status, 418);
    let [request] = &server.requests()[..] else { panic!("there is one request") };
    let outcome = Outcome::Answered { status: 418, delay };
    let end = request.end.unwrap();
    assert_eq!(end.outcome, outcome);
    assert!(end.at - request.came >= delay);
}

#[test]
fn requests_are_seen_in_their_order_and_each_with_its_connection() {
    let server = start(Latency::None);
    let mut clients = [1, 2, 3].map(|_| Client::connect(server.url()));
    let order = [0, 0, 1, 2, 1, 0];
    for client in order {
        clients[client].get(BRAZIL);
    }
    let requests = server.requests();
    assert!(requests.is_sorted_by_key(|request| request.came));
    // The listener hands out connections in the order in which they were made.
    let connections = requests.iter().map(|request| request.connection);
    assert!(connections.eq(order.map(|client| client as u64 + 1)), "{requests:?}");
}

#[tokio::test]
async fn a_client_that_goes_away_has_given_up() {
    let server = start(Latency::Fixed(HOUR));
    let clients = [BRAZIL, NOTHING].map(|path| {
        let mut client = Client::connect(server.url());
        client.send_as("test", path);
        client
    });
    for request in requests(&server, 2) {
        assert_eq!((request.end, request.status()), (None, None));
        assert!(!request.was_given_up());
    }
    let error = server.ended_requests(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.to_string(), "still in flight after 0ns: 2");

    let left = Instant::now();
    drop(clients);
    let requests = server.ended_requests(LIMIT).await.unwrap();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let end = request.end.unwrap();
        assert_eq!(end.outcome, Outcome::GivenUp);
        assert!(end.at >= left);
        assert_eq!((request.status(), request.was_given_up()), (None, true));
    }
}

#[tokio::test]
async fn what_is_not_below_flags_is_answered_and_not_seen() {
    let server = start(Latency::Fixed(HOUR));
    let mut client = Client::connect(server.url());
    for (path, status) in [("/", 200), ("/flags", 200), ("/flags/", 200), ("/x", 404)] {
        assert_eq!(client.get(path).status, status, "{path}");
    }
    // Nothing is awaited where nothing is in flight.
    assert_eq!(server.ended_requests(Duration::ZERO).await.unwrap(), []);
}

#[test]
fn the_url_of_a_flag_is_where_it_is() {
    let server = WatchedServer::start(Profile::Local.behaviour(), None).unwrap();
    let url = server.url_of(CountryCode::new("BR").unwrap());
    assert_eq!(url, format!("{}/br/br.gif", server.url()));
    let path = url.strip_prefix(server.url().trim_end_matches("/flags")).unwrap();
    assert_eq!(Client::connect(server.url()).get(path).status, 200);
}

#[test]
fn the_thread_of_a_request_is_the_one_that_the_client_names() {
    let server = start(Latency::None);
    let mut client = Client::connect(server.url());
    for (headers, thread) in [("flags-thread: 7\r\n", Some(7)), ("", None)] {
        client.ask("GET", BRAZIL, headers);
        assert_eq!(server.requests().last().unwrap().thread, thread);
    }
}

#[test]
fn a_script_decides_how_each_request_is_answered() {
    // The second time that something is asked for, there is an error; and the third
    // time a delay.
    let delay = Duration::from_millis(20);
    let (sender, in_flight) = mpsc::channel();
    let server = WatchedServer::start_scripted(move |asked| {
        sender.send(asked.in_flight).unwrap();
        let latency =
            if asked.before == 2 { Latency::Fixed(delay) } else { Latency::None };
        let error_rate = if asked.before == 1 { 1.0 } else { 0.0 };
        Behaviour { latency, error_rate }
    })
    .unwrap();
    let mut client = Client::connect(server.url());
    for (path, statuses) in [(BRAZIL, [200, 418, 200]), (NOTHING, [404, 418, 404])] {
        assert_eq!(statuses.map(|_| client.get(path).status), statuses);
    }
    assert_eq!(in_flight.try_iter().collect::<Vec<_>>(), [1; 6]);
    let outcomes =
        server.requests().into_iter().map(|request| request.end.unwrap().outcome);
    let delays = outcomes.map(|outcome| match outcome {
        Outcome::Answered { delay, .. } => delay,
        Outcome::GivenUp => panic!("nobody has given up"),
    });
    let none = Duration::ZERO;
    assert_eq!(delays.collect::<Vec<_>>(), [none, none, delay, none, none, delay]);
}
