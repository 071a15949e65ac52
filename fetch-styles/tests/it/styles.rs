//! What the table of the program says of each style, and what all of them promise.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use fetch_styles::Answer;
use fetch_styles::callback::{self, asynchronous_fetch};
use fetch_styles::coroutine::{self, fetch_coroutine, fetch_task};
use fetch_styles::future::{self, async_fetch_future};
use fetch_styles::queue::{self, fetch_to_queue};
use fetch_styles::registry::{self, Registry, registered_fetch};
use fetch_styles::synchronous::{self, synchronous_fetch};
use tokio::sync::mpsc::unbounded_channel;

use crate::testing::{FLAG, PATIENT, Site, Tools, refusing_site};

/// The thread that makes the calls.
const CALLER: &str = "caller";
/// The thread that waits in place of the caller.
const FETCHER: &str = "fetcher";

const STYLES: [Style; 13] = [
    Style::synchronous("synchronous_fetch", "xy.gif", |tools, url, returned| {
        let answer = synchronous_fetch(&tools.agent, url);
        returned();
        vec![Handled::new(answer)]
    }),
    Style::calling_back("asynchronous_fetch", "xy.gif", |tools, url, returned| {
        call_back(tools, |handler| {
            asynchronous_fetch(&tools.fetcher, url, handler);
            returned();
        })
    }),
    Style::awaited("async_fetch_future", "xy.gif", |tools, url, returned| {
        let future = async_fetch_future(&tools.fetcher, url);
        returned();
        tools.wait(async { vec![Handled::new(future.await)] })
    }),
    Style {
        is_non_blocking: false,
        ..Style::awaited("fetch_to_queue", "xy.gif", |tools, url, returned| {
            let (queue, deliveries) = mpsc::channel();
            fetch_to_queue(&tools.fetcher, url, &queue);
            returned();
            drop(queue);
            let next = || match deliveries.recv_timeout(PATIENT) {
                Ok((_, answer)) => Some(Handled::new(answer)),
                Err(error) => {
                    assert_eq!(error, RecvTimeoutError::Disconnected);
                    None
                }
            };
            iter::from_fn(next).collect()
        })
    },
    Style::calling_back("registered_fetch", "xy.gif", |tools, url, returned| {
        call_back(tools, |handler| {
            let handler = Arc::new(handler);
            let on_error = Arc::clone(&handler);
            let registry = Registry::new(
                &tools.fetcher,
                move |_, _, bytes| handler(Ok(bytes)),
                move |_, error| on_error(Err(error)),
            );
            registered_fetch(&registry, url);
            returned();
        })
    }),
    Style::awaited("fetch_coroutine", "xy.gif", |tools, url, returned| {
        let coroutine = fetch_coroutine(&tools.client, url);
        returned();
        tools.wait(async { vec![Handled::new(coroutine.await)] })
    }),
    Style::awaited("fetch_task", "xy.gif", |tools, url, returned| {
        let context = tools.event_loop.enter();
        let task = fetch_task(&tools.client, url);
        drop(context);
        returned();
        tools.wait(async { vec![Handled::new(task.await.unwrap())] })
    }),
    Style::synchronous("two, synchronous", "metadata.json", |tools, url, returned| {
        let answer = synchronous::two_in_a_row(&tools.agent, url);
        returned();
        vec![Handled::new(answer)]
    }),
    Style::calling_back("two, callback", "metadata.json", |tools, url, returned| {
        call_back(tools, |handler| {
            callback::two_in_a_row(&tools.fetcher, url, handler);
            returned();
        })
    }),
    Style::awaited("two, future", "metadata.json", |tools, url, returned| {
        let future = future::two_in_a_row(&tools.fetcher, url);
        returned();
        tools.wait(async { vec![Handled::new(future.await)] })
    }),
    Style::synchronous("two, queue", "metadata.json", |tools, url, returned| {
        let answer = queue::two_in_a_row(&tools.fetcher, url);
        returned();
        vec![Handled::new(answer)]
    }),
    Style::calling_back("two, registry", "metadata.json", |tools, url, returned| {
        call_back(tools, |handler| {
            registered_fetch(&registry::two_in_a_row(&tools.fetcher, handler), url);
            returned();
        })
    }),
    Style::awaited("two, coroutine", "metadata.json", |tools, url, returned| {
        let coroutine = coroutine::two_in_a_row(&tools.client, url);
        returned();
        tools.wait(async { vec![Handled::new(coroutine.await)] })
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
    for style in STYLES.into_iter().filter(|style| style.is_asynchronous) {
        let site = Site::closed();
        let tools = Tools::new(&site.url, PATIENT);
        // A call that waited for the answer would never get so far as to let it go.
        let handled = style.run(&tools, &style.url(&site.url, "br"), || site.let_go());
        assert_eq!(handled.answer.unwrap(), FLAG.as_bytes(), "{}", style.name);
    }
}

#[test]
fn synchronous_calls_return_after_the_answer() {
    for style in STYLES.into_iter().filter(|style| !style.is_asynchronous) {
        let site = Site::closed();
        let tools = Tools::new(&site.url, PATIENT);
        thread::scope(|scope| {
            scope.spawn(|| {
                site.wait_for_requests(1);
                site.let_go();
            });
            style.run(&tools, &style.url(&site.url, "br"), || {
                assert!(site.is_open(), "{}", style.name);
            });
        });
    }
}

#[test]
fn who_waits_without_blocking_leaves_the_thread_to_other_tasks() {
    for style in STYLES {
        // Who blocks waits in vain, so that need not take long.
        let timeout =
            if style.is_non_blocking { PATIENT } else { Duration::from_millis(100) };
        let site = Site::closed();
        let tools = Tools::new(&site.url, timeout);
        // The answer comes only when a task of the caller's event loop has had its turn.
        let open = site.clone();
        tools.event_loop.spawn(async move { open.let_go() });
        let handled = style.run(&tools, &style.url(&site.url, "br"), || ());
        let answer = handled.answer.map_err(|error| error.to_string());
        if style.is_non_blocking {
            assert_eq!(answer.unwrap(), FLAG.as_bytes(), "{}", style.name);
        } else {
            assert_eq!(answer.unwrap_err(), "timed out", "{}", style.name);
            assert!(!site.is_open(), "{}", style.name);
        }
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
fn answers_of_one_queue_and_of_one_registry_are_told_apart_by_their_urls() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let good = site.flag();
    let bad = format!("{}/absent/xy.gif", site.url);

    let (queue, deliveries) = mpsc::channel();
    let (loads, errors) = (queue.clone(), queue.clone());
    let registry = Registry::new(
        &tools.fetcher,
        move |_, url, bytes| loads.send((url.to_owned(), Ok(bytes))).unwrap(),
        move |url, error| errors.send((url.to_owned(), Err(error))).unwrap(),
    );
    for url in [&good, &bad] {
        fetch_to_queue(&tools.fetcher, url, &queue);
        registered_fetch(&registry, url);
    }
    let arrived = || deliveries.recv_timeout(PATIENT).unwrap();
    let mut arrived = [arrived(), arrived(), arrived(), arrived()]
        .map(|(url, answer)| (url, answer.is_ok()));
    arrived.sort();
    let (good, bad) = ((good, true), (bad, false));
    assert_eq!(arrived, [bad.clone(), bad, good.clone(), good]);
}

#[test]
fn handlers_stay_registered_for_all_fetches() {
    let site = Site::open();
    let tools = Tools::new(&site.url, PATIENT);
    let (sender, handled) = mpsc::channel();
    let registry = registry::two_in_a_row(&tools.fetcher, move |answer| {
        sender.send(answer.map_err(|error| error.to_string())).unwrap();
    });
    for (folder, answer) in [
        ("br", Ok(FLAG.into())),
        ("absent", Err("not found".to_owned())),
        ("br", Ok(FLAG.into())),
    ] {
        registered_fetch(&registry, &format!("{}/{folder}/metadata.json", site.url));
        assert_eq!(handled.recv_timeout(PATIENT), Ok(answer));
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
    is_asynchronous: bool,
    is_non_blocking: bool,
    run: Run,
}

impl Style {
    /// The caller handles the answer itself, when it has waited for it.
    const fn awaited(name: &'static str, file: &'static str, run: Run) -> Self {
        let (is_asynchronous, is_non_blocking) = (true, true);
        Self { name, file, handler_thread: CALLER, is_asynchronous, is_non_blocking, run }
    }

    /// The answer is handled where it comes in.
    const fn calling_back(name: &'static str, file: &'static str, run: Run) -> Self {
        Self { handler_thread: FETCHER, ..Self::awaited(name, file, run) }
    }

    /// The call waits for the answer.
    const fn synchronous(name: &'static str, file: &'static str, run: Run) -> Self {
        let (is_asynchronous, is_non_blocking) = (false, false);
        Self { is_asynchronous, is_non_blocking, ..Self::awaited(name, file, run) }
    }

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
        let message = handled.answer.unwrap_err().to_string();
        assert_eq!(message, error, "{}: {url}", self.name);
        assert_eq!(handled.thread, self.handler_thread, "{}: {url}", self.name);
    }
}

/// Waits for the calls of a handler as an event loop does, which has other tasks too.
fn call_back(
    tools: &Tools,
    fetch: impl FnOnce(Box<dyn Fn(Answer) + Send + Sync>),
) -> Vec<Handled> {
    let (sender, mut handled) = unbounded_channel();
    fetch(Box::new(move |answer| sender.send(Handled::new(answer)).unwrap()));
    // This ends when the handler, and the sender in it, has been dropped.
    tools.wait(async {
        let mut all = Vec::new();
        while let Some(handled) = handled.recv().await {
            all.push(handled);
        }
        all
    })
}
