//! When the fetch of a style begins, and how it can be ended.

use std::sync::mpsc;

use fetch_styles::coroutine::{self, fetch_coroutine, fetch_task};
use fetch_styles::future::async_fetch_future;
use fetch_styles::queue::fetch_to_queue;
use tokio::task::spawn_blocking;

use crate::testing::{FLAG, PATIENT, Site, Tools};

#[test]
fn a_future_begins_at_the_call_and_goes_on_when_it_is_dropped() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let future = async_fetch_future(&tools.fetcher, &site.flag());
    site.wait_for_requests(1);
    drop(future);
    assert_that_it_goes_on(&site, &tools);
}

#[test]
fn a_queue_that_nobody_takes_from_holds_nobody_up() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let (queue, deliveries) = mpsc::channel();
    fetch_to_queue(&tools.fetcher, &site.flag(), &queue);
    site.wait_for_requests(1);
    drop(deliveries);
    assert_that_it_goes_on(&site, &tools);
}

/// Asserts that the fetch whose answer nobody takes any more is not given up.
fn assert_that_it_goes_on(site: &Site, tools: &Tools) {
    // Were it ended, the fetcher would have done so before this one.
    let next = async_fetch_future(&tools.fetcher, &site.flag());
    site.wait_for_requests(2);
    site.let_go();
    assert_eq!(tools.wait(next).unwrap(), FLAG.as_bytes());
    site.wait_for_answers(2);
    assert_eq!(site.given_up(), 0);
}

#[test]
fn a_coroutine_begins_when_it_is_awaited() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let (flag, metadata) = (site.flag(), format!("{}/br/metadata.json", site.url));
    let one = fetch_coroutine(&tools.client, &flag);
    let two = coroutine::two_in_a_row(&tools.client, &metadata);
    // The event loop has had many turns when this one has its answer.
    tools
        .wait(fetch_coroutine(&tools.client, &format!("{}/us/xy.gif", site.url)))
        .unwrap();
    assert_eq!(site.paths(), ["/flags/us/xy.gif"]);
    tools.wait(one).unwrap();
    tools.wait(two).unwrap();
    assert_eq!(site.paths().len(), 4);
}

#[test]
fn a_task_begins_by_itself() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let waiting = site.clone();
    let answer = tools.wait(async {
        let task = fetch_task(&tools.client, &site.flag());
        // Nobody awaits the task here.
        spawn_blocking(move || waiting.wait_for_answers(1)).await.unwrap();
        task.await
    });
    assert_eq!(answer.unwrap().unwrap(), FLAG.as_bytes());
}

#[test]
fn a_coroutine_that_is_dropped_ends_its_fetch() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let (asking, given_up, flag) = (site.clone(), site.clone(), site.flag());
    tools.wait(async {
        let asked = spawn_blocking(move || asking.wait_for_requests(1));
        tokio::select! {
            answer = fetch_coroutine(&tools.client, &flag) => panic!("{answer:?}"),
            asked = asked => asked.unwrap(),
        }
        spawn_blocking(move || given_up.wait_for_given_up()).await.unwrap();
    });
}

#[test]
fn a_task_goes_on_when_its_handle_is_dropped() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let waiting = site.clone();
    tools.wait(async {
        drop(fetch_task(&tools.client, &site.flag()));
        let wait = move || {
            waiting.wait_for_requests(1);
            waiting.let_go();
            waiting.wait_for_answers(1);
        };
        spawn_blocking(wait).await.unwrap();
    });
    assert_eq!(site.given_up(), 0);
}

#[test]
fn a_task_that_is_aborted_ends_its_fetch() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let (asking, given_up) = (site.clone(), site.clone());
    tools.wait(async {
        let task = fetch_task(&tools.client, &site.flag());
        spawn_blocking(move || asking.wait_for_requests(1)).await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        spawn_blocking(move || given_up.wait_for_given_up()).await.unwrap();
    });
}
