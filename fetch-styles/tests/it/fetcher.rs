//! The thread that four of the styles share.

use std::collections::HashSet;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use fetch_styles::Answer;
use fetch_styles::callback::asynchronous_fetch;
use fetch_styles::future::async_fetch_future;
use fetch_styles::queue::fetch_to_queue;
use fetch_styles::registry::{Registry, registered_fetch};
use flags_common::FlagError;

use crate::testing::{FLAG, PATIENT, Site, Tools};

const MANY: usize = 100;

#[test]
fn one_thread_waits_for_a_hundred_answers_at_once() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let (sender, handled) = mpsc::channel();
    for _ in 0..MANY {
        let sender = sender.clone();
        asynchronous_fetch(&tools.fetcher, &site.flag(), move |answer| {
            sender.send((answer.unwrap(), thread::current().id())).unwrap();
        });
    }
    // All have been asked for, and none has been answered.
    site.wait_for_requests(MANY);
    assert!(handled.try_recv().is_err());
    site.let_go();
    let mut threads = HashSet::new();
    for _ in 0..MANY {
        let (bytes, thread) = handled.recv_timeout(PATIENT).unwrap();
        assert_eq!(bytes, FLAG.as_bytes());
        threads.insert(thread);
    }
    assert_eq!(threads.len(), 1);
    assert!(!threads.contains(&thread::current().id()));
    assert_eq!(tools.threads.count(), 2, "this one, and the fetcher");
}

#[test]
fn a_callback_that_panics_ends_its_own_fetch_only() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let (until_unwound, unwound) = mpsc::channel::<()>();
    asynchronous_fetch(&tools.fetcher, &site.flag(), move |_| {
        let _until_unwound = until_unwound;
        panic!("on purpose, for a test");
    });
    assert_eq!(unwound.recv_timeout(PATIENT), Err(RecvTimeoutError::Disconnected));
    let (sender, handled) = mpsc::channel();
    asynchronous_fetch(&tools.fetcher, &site.flag(), move |answer| {
        sender.send(answer).unwrap();
    });
    assert_eq!(handled.recv_timeout(PATIENT).unwrap().unwrap(), FLAG.as_bytes());
}

#[test]
fn a_handler_that_panics_stays_registered() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let (sender, calls) = mpsc::channel();
    let errors = sender.clone();
    let registry = Registry::new(
        &tools.fetcher,
        move |_, _, _| {
            sender.send("loaded".to_owned()).unwrap();
            panic!("on purpose, for a test");
        },
        move |_, error| errors.send(error.to_string()).unwrap(),
    );
    for _ in 0..3 {
        registered_fetch(&registry, &site.flag());
        assert_eq!(calls.recv_timeout(PATIENT).unwrap(), "loaded");
    }
    registered_fetch(&registry, &format!("{}/absent/xy.gif", site.url));
    assert_eq!(calls.recv_timeout(PATIENT).unwrap(), "not found");
}

#[test]
fn a_fetcher_that_ends_leaves_nobody_waiting() {
    let site = Site::closed();
    let Tools { fetcher, event_loop, .. } = Tools::new(&site.url, PATIENT);
    let (queue, deliveries) = mpsc::channel();
    let callback = queue.clone();
    asynchronous_fetch(&fetcher, &site.flag(), move |answer| {
        callback.send((String::new(), answer)).unwrap();
    });
    fetch_to_queue(&fetcher, &site.flag(), &queue);
    let future = async_fetch_future(&fetcher, &site.flag());
    site.wait_for_requests(3);

    drop(fetcher);
    let is_abandoned = |answer: &Answer| matches!(answer, Err(FlagError::Abandoned));
    for _ in 0..2 {
        let (_, answer) = deliveries.recv_timeout(PATIENT).unwrap();
        assert!(is_abandoned(&answer), "{answer:?}");
    }
    let answer = event_loop
        .block_on(async { tokio::time::timeout(PATIENT, future).await })
        .expect("the future is resolved");
    assert!(is_abandoned(&answer), "{answer:?}");
    site.wait_for_given_up();
}
