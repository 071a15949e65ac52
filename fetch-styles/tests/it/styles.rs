//! The functions of every style.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use fetch_styles::Answer;
use fetch_styles::callback::{self, asynchronous_fetch};
use fetch_styles::coroutine::{self, fetch_coroutine};
use fetch_styles::future::{self, async_fetch_future};
use fetch_styles::queue::{self, fetch_to_queue};
use fetch_styles::registry::{self, Registry, registered_fetch};
use fetch_styles::synchronous::{self, synchronous_fetch};
use flags_common::FlagError;
use flags_common::clients::{reqwest::reqwest_client_for, ureq::ureq_agent_for};
use reqwest::Client;
use tokio::runtime::{self, Runtime};
use tokio::time::timeout;
use ureq::http::{Request, Response};
use ureq::middleware::MiddlewareNext;
use ureq::{Agent, Body, SendBody};

use crate::site::{FLAG, Site, refusing_site};

/// Long enough for every machine. Only a test that fails takes so long.
const PATIENT: Duration = Duration::from_secs(20);
/// The thread that makes the calls.
const CALLER: &str = "caller";
/// The thread that a style starts.
const FETCHER: &str = "fetcher";

const STYLES: [Style; 12] = [
    blocking("synchronous_fetch", "xy.gif", |tools, url, returned| {
        let answer = synchronous_fetch(&tools.agent, url);
        returned();
        vec![Handled::new(answer)]
    }),
    elsewhere("asynchronous_fetch", "xy.gif", |tools, url, returned| {
        call_back(returned, |handler| asynchronous_fetch(&tools.agent, url, handler))
    }),
    later("async_fetch_future", "xy.gif", |tools, url, returned| {
        let future = async_fetch_future(&tools.agent, url);
        returned();
        awaited(tools, future)
    }),
    later("fetch_to_queue", "xy.gif", |tools, url, returned| {
        let (queue, deliveries) = mpsc::channel();
        fetch_to_queue(&tools.agent, url, &queue);
        returned();
        drop(queue);
        deliveries.iter().map(|(_, answer)| Handled::new(answer)).collect()
    }),
    elsewhere("registered_fetch", "xy.gif", |tools, url, returned| {
        call_back(returned, |handler| {
            let handler = Arc::new(handler);
            let on_load = Arc::clone(&handler);
            let registry = Registry::new(
                &tools.agent,
                move |_, _, bytes| on_load(Ok(bytes)),
                move |_, error| handler(Err(error)),
            );
            registered_fetch(&registry, url);
        })
    }),
    later("fetch_coroutine", "xy.gif", |tools, url, returned| {
        let coroutine = fetch_coroutine(&tools.client, url);
        returned();
        awaited(tools, coroutine)
    }),
    blocking("two, synchronous", "metadata.json", |tools, url, returned| {
        let answer = synchronous::two_in_a_row(&tools.agent, url);
        returned();
        vec![Handled::new(answer)]
    }),
    elsewhere("two, callback", "metadata.json", |tools, url, returned| {
        call_back(returned, |handler| callback::two_in_a_row(&tools.agent, url, handler))
    }),
    later("two, future", "metadata.json", |tools, url, returned| {
        let future = future::two_in_a_row(&tools.agent, url);
        returned();
        awaited(tools, future)
    }),
    blocking("two, queue", "metadata.json", |tools, url, returned| {
        let answer = queue::two_in_a_row(&tools.agent, url);
        returned();
        vec![Handled::new(answer)]
    }),
    elsewhere("two, registry", "metadata.json", |tools, url, returned| {
        call_back(returned, |handler| registry::two_in_a_row(&tools.agent, url, handler))
    }),
    later("two, coroutine", "metadata.json", |tools, url, returned| {
        let coroutine = coroutine::two_in_a_row(&tools.client, url);
        returned();
        awaited(tools, coroutine)
    }),
];

#[test]
fn every_style_brings_the_bytes_once_and_on_its_own_thread() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    for style in STYLES {
        let handled = style.run(&tools, &style.url(&site.url, "br"), || ());
        assert_eq!(handled.answer.unwrap(), FLAG.as_bytes(), "{}", style.name);
        assert_eq!(handled.thread, style.handler_thread, "{}", style.name);
    }
}

#[test]
fn asynchronous_calls_return_before_the_answer() {
    for style in STYLES.into_iter().filter(|style| !style.blocks) {
        let site = Site::closed();
        let tools = Tools::new(&site.url, PATIENT);
        // A call that waited for the answer would never get so far as to let it go.
        let handled = style.run(&tools, &style.url(&site.url, "br"), || site.let_go());
        assert_eq!(handled.answer.unwrap(), FLAG.as_bytes(), "{}", style.name);
    }
}

#[test]
fn blocking_calls_return_after_the_answer() {
    for style in STYLES.into_iter().filter(|style| style.blocks) {
        let site = Site::closed();
        let tools = Tools::new(&site.url, PATIENT);
        thread::scope(|scope| {
            scope.spawn(|| {
                site.wait_for_request();
                site.let_go();
            });
            style.run(&tools, &style.url(&site.url, "br"), || {
                assert!(site.is_open(), "{}", style.name);
            });
        });
    }
}

#[test]
fn not_found_reaches_the_caller_once() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    for style in STYLES {
        style.assert_fails(&tools, &style.url(&site.url, "absent"), "not found");
    }
}

#[test]
fn a_refused_connection_reaches_the_caller_once() {
    let (_socket, site_url) = refusing_site();
    let tools = Tools::new(&site_url, PATIENT);
    for style in STYLES {
        style.assert_fails(&tools, &style.url(&site_url, "br"), "connection refused");
    }
}

#[test]
fn a_timeout_reaches_the_caller_once() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, Duration::from_millis(50));
    for style in STYLES {
        style.assert_fails(&tools, &style.url(&site.url, "br"), "timed out");
    }
}

#[test]
fn a_panic_of_the_thread_that_fetches_leaves_nobody_waiting() {
    fn panics(
        _: Request<SendBody>,
        _: MiddlewareNext,
    ) -> Result<Response<Body>, ureq::Error> {
        panic!("on purpose, for a test")
    }
    let agent = Agent::config_builder().middleware(panics).build().into();
    let site_url = "http://127.0.0.1/flags";
    let tools = Tools { agent, ..Tools::new(site_url, PATIENT) };
    // The others fetch on the thread that calls, and panic there.
    let fetches_elsewhere = |style: &Style| {
        !["synchronous", "coroutine"].iter().any(|name| style.name.contains(name))
    };
    let error = FlagError::Abandoned.to_string();
    for style in STYLES.into_iter().filter(fetches_elsewhere) {
        style.assert_fails(&tools, &style.url(site_url, "br"), &error);
    }
}

#[test]
fn the_second_of_two_is_what_the_first_names() {
    for style in STYLES.into_iter().filter(|style| style.file == "metadata.json") {
        let site = Site::open();
        let tools = Tools::new(&site.url, PATIENT);
        style.run(&tools, &style.url(&site.url, "br"), || ()).answer.unwrap();
        let expected = ["/flags/br/metadata.json", "/flags/xy/xy.gif"];
        assert_eq!(site.paths(), expected, "{}", style.name);
    }
}

#[test]
fn two_in_a_row_end_at_the_first_error() {
    for style in STYLES.into_iter().filter(|style| style.file == "metadata.json") {
        for (folder, error, requests) in [
            ("absent", "not found", 1),
            ("nonsense", "the metadata names no country", 1),
            ("half", "not found", 2),
        ] {
            let site = Site::open();
            let tools = Tools::new(&site.url, PATIENT);
            style.assert_fails(&tools, &style.url(&site.url, folder), error);
            assert_eq!(site.paths().len(), requests, "{}, {folder}", style.name);
        }
    }
}

#[test]
fn a_future_begins_at_the_call() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let future = async_fetch_future(&tools.agent, &format!("{}/br/xy.gif", site.url));
    site.wait_for_request();
    // To give the answer up is to be possible before there is one.
    drop(future);
    site.let_go();
}

#[test]
fn a_coroutine_begins_when_it_is_awaited() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let (one, other) =
        (format!("{}/br/metadata.json", site.url), format!("{}/br/xy.gif", site.url));
    let never_awaited = fetch_coroutine(&tools.client, &one);
    tools.event_loop.block_on(fetch_coroutine(&tools.client, &other)).unwrap();
    drop(never_awaited);
    assert_eq!(site.paths(), ["/flags/br/xy.gif"]);
}

#[test]
fn a_coroutine_that_is_dropped_ends_its_fetch() {
    let site = Site::closed();
    let tools = Tools::new(&site.url, PATIENT);
    let url = format!("{}/br/xy.gif", site.url);
    tools.event_loop.block_on(async {
        let wait = |wait: fn(&Site)| {
            let site = site.clone();
            tokio::task::spawn_blocking(move || wait(&site))
        };
        tokio::select! {
            answer = fetch_coroutine(&tools.client, &url) => panic!("{answer:?}"),
            asked = wait(Site::wait_for_request) => asked.unwrap(),
        }
        wait(Site::wait_for_hang_up).await.unwrap();
    });
}

#[test]
fn answers_of_one_queue_and_of_one_registry_are_told_apart_by_their_urls() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let good = format!("{}/br/xy.gif", site.url);
    let bad = format!("{}/absent/xy.gif", site.url);

    let (queue, deliveries) = mpsc::channel();
    let (loads, errors) = (queue.clone(), queue.clone());
    let registry = Registry::new(
        &tools.agent,
        move |_, url, bytes| loads.send((url.to_owned(), Ok(bytes))).unwrap(),
        move |url, error| errors.send((url.to_owned(), Err(error))).unwrap(),
    );
    for url in [&good, &bad] {
        fetch_to_queue(&tools.agent, url, &queue);
        registered_fetch(&registry, url);
    }
    drop((queue, registry));
    let mut arrived: Vec<_> =
        deliveries.iter().map(|(url, answer)| (url, answer.is_ok())).collect();
    arrived.sort();
    let (good, bad) = ((good, true), (bad, false));
    assert_eq!(arrived, [bad.clone(), bad, good.clone(), good]);
}

struct Tools {
    agent: Agent,
    client: Client,
    event_loop: Runtime,
}

impl Tools {
    fn new(site_url: &str, timeout: Duration) -> Self {
        let event_loop = runtime::Builder::new_current_thread().enable_all().build();
        Self {
            agent: ureq_agent_for(site_url, timeout, 1),
            client: reqwest_client_for(site_url, timeout),
            event_loop: event_loop.unwrap(),
        }
    }
}

/// An answer in the hands of a handler, and the thread that this runs on.
#[derive(Debug)]
struct Handled {
    answer: Answer,
    thread: String,
}

impl Handled {
    fn new(answer: Answer) -> Self {
        Self { answer, thread: thread::current().name().unwrap().to_owned() }
    }
}

/// Fetches a URL, calls `returned` as soon as the call returns, and tells all that the
/// handler got until nobody was left who could give it anything.
type Run = fn(tools: &Tools, url: &str, returned: &dyn Fn()) -> Vec<Handled>;

struct Style {
    name: &'static str,
    file: &'static str,
    handler_thread: &'static str,
    /// Whether the call waits for the answer.
    blocks: bool,
    run: Run,
}

const fn blocking(name: &'static str, file: &'static str, run: Run) -> Style {
    Style { name, file, handler_thread: CALLER, blocks: true, run }
}

/// The caller handles the answer itself, when it has come.
const fn later(name: &'static str, file: &'static str, run: Run) -> Style {
    Style { name, file, handler_thread: CALLER, blocks: false, run }
}

/// The answer is handled where it comes in.
const fn elsewhere(name: &'static str, file: &'static str, run: Run) -> Style {
    Style { name, file, handler_thread: FETCHER, blocks: false, run }
}

impl Style {
    fn url(&self, site_url: &str, folder: &str) -> String {
        format!("{site_url}/{folder}/{}", self.file)
    }

    /// Runs the style on the thread [`CALLER`], and makes sure that it answers once.
    fn run(&self, tools: &Tools, url: &str, returned: impl Fn() + Sync) -> Handled {
        let mut handled = thread::scope(|scope| {
            let caller = thread::Builder::new().name(CALLER.to_owned());
            let run = || (self.run)(tools, url, &returned);
            caller.spawn_scoped(scope, run).unwrap().join().unwrap()
        });
        assert_eq!(handled.len(), 1, "{}: {handled:?}", self.name);
        handled.remove(0)
    }

    fn assert_fails(&self, tools: &Tools, url: &str, error: &str) {
        let handled = self.run(tools, url, || ());
        assert_eq!(
            handled.answer.unwrap_err().to_string(),
            error,
            "{}: {url}",
            self.name
        );
        assert_eq!(handled.thread, self.handler_thread, "{}: {url}", self.name);
    }
}

fn awaited(tools: &Tools, future: impl Future<Output = Answer>) -> Vec<Handled> {
    vec![tools.event_loop.block_on(async {
        let answer = timeout(2 * PATIENT, future).await;
        Handled::new(answer.expect("the future is resolved"))
    })]
}

fn call_back(
    returned: &dyn Fn(),
    fetch: impl FnOnce(Box<dyn Fn(Answer) + Send + Sync>),
) -> Vec<Handled> {
    let (sender, handled) = mpsc::channel();
    fetch(Box::new(move |answer| sender.send(Handled::new(answer)).unwrap()));
    returned();
    // This ends when the handler, and the sender in it, has been dropped.
    handled.iter().collect()
}
