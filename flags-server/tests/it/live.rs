//! The live page of the program, apart from what happens in the browser.

use flags_server::{CountryCode, countries};
use serde_json::Value;

use crate::support::client::Client;
use crate::support::program::Program;

const BRAZIL: &str = "/flags/br/br.gif";
const PAGE: [(&str, &str, &str); 8] = [
    ("/", "text/html; charset=utf-8", include_str!("../../page/index.html")),
    ("/live/style.css", "text/css; charset=utf-8", include_str!("../../page/style.css")),
    ("/live/main.js", JAVASCRIPT, include_str!("../../page/main.js")),
    ("/live/announcer.js", JAVASCRIPT, include_str!("../../page/announcer.js")),
    ("/live/chart.js", JAVASCRIPT, include_str!("../../page/chart.js")),
    ("/live/controls.js", JAVASCRIPT, include_str!("../../page/controls.js")),
    ("/live/runs.js", JAVASCRIPT, include_str!("../../page/runs.js")),
    ("/live/strip.js", JAVASCRIPT, include_str!("../../page/strip.js")),
];
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

fn start() -> (Program, Client) {
    let program = Program::start("--profile LOCAL --port 0");
    let client = Client::connect(&program.url);
    (program, client)
}

/// A reader of the events, which has not read any yet.
fn watch(program: &Program) -> Client {
    let mut client = Client::connect(&program.url);
    client.send("GET /live/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client
}

/// The next event, which has this name. On a busy machine a heartbeat may come before it.
fn event(reader: &mut Client, expected: &str) -> Value {
    let mut events = std::iter::repeat_with(|| reader.event());
    let (name, data) = events.find(|(name, _)| name != "heartbeat").unwrap();
    assert_eq!(name, expected, "{data}");
    serde_json::from_str(&data).unwrap()
}

/// Reads changes until one tells of a run with this many answers, and returns that run.
fn run_with_answers(reader: &mut Client, answers: u64) -> Value {
    loop {
        let mut changes = event(reader, "changes");
        if changes["runs"][0]["answered"] == answers {
            return changes["runs"][0].take();
        }
    }
}

fn runs(client: &mut Client) -> Value {
    let answer = client.get("/live/runs.json");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    serde_json::from_slice(&answer.body).unwrap()
}

/// A request with these lines as its head, to clear all runs or to undo that.
fn change(client: &mut Client, what: &str, head: &str) -> u16 {
    let head = format!("{head}Content-Length: 0\r\n\r\n");
    client.send(&format!("POST /live/{what} HTTP/1.1\r\n{head}"));
    client.receive(true).status
}

/// Reads events up to one of this name.
fn next(reader: &mut Client, name: &str) -> Value {
    let mut events = std::iter::repeat_with(|| reader.event());
    let (_, data) = events.find(|(found, _)| found == name).unwrap();
    serde_json::from_str(&data).unwrap()
}

#[test]
fn the_page_and_its_files_are_served_with_a_strict_policy() {
    let (_program, mut client) = start();
    for (path, content_type, body) in PAGE {
        let answer = client.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(String::from_utf8_lossy(&answer.body), body, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        let head = client.ask("HEAD", path, "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-length"), answer.header("content-length"));
    }
    let events = ["/live/events"].into_iter();
    let paths = PAGE.iter().map(|(path, ..)| *path).chain(events);
    for path in
        paths.chain(["/live/flags/br/br.gif", "/live/flags/zz/zz.gif", "/live/runs.json"])
    {
        let answer = client.ask("HEAD", path, "");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}");
        assert!(!policy.contains("unsafe") && !policy.contains("data:"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

#[test]
fn other_methods_are_refused() {
    let (_program, mut client) = start();
    for path in ["/", "/live/main.js", "/live/flags/br/br.gif", "/live/events"] {
        let answer = client.ask("POST", path, "Content-Length: 0\r\n");
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
    }
    for path in ["/live/clear", "/live/undo", "/live/report"] {
        for method in ["GET", "HEAD", "DELETE", "OPTIONS"] {
            let answer = client.ask(method, path, "");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {path}");
        }
    }
    assert_eq!(client.get("/live/nothing").status, 404);
}

#[test]
fn pictures_come_at_once_and_may_be_kept() {
    let program = Program::start("--port 0 --latency 3600");
    let mut client = Client::connect(&program.url);
    let picture = client.get("/live/flags/br/br.gif");
    assert_eq!(picture.header("content-type"), Some("image/gif"));
    assert_eq!(picture.header("cache-control"), Some("max-age=86400"));
    let brazil = CountryCode::new("br").and_then(countries::find).unwrap();
    assert_eq!(picture.body, brazil.image);
    for other in ["zz/zz.gif", "br", "br/metadata.json", "BR/BR.gif", "br.gif"] {
        assert_eq!(client.get(&format!("/live/flags/{other}")).status, 404, "{other}");
    }
}

#[test]
fn what_a_client_does_is_told_as_it_happens_and_to_who_comes_later() {
    let (program, mut client) = start();
    let mut reader = watch(&program);
    let head = reader.receive(false);
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert_eq!(head.header("cache-control"), Some("no-cache"));
    let everything = event(&mut reader, "runs");
    assert_eq!(everything["runs"], serde_json::json!([]));
    let site = &everything["sites"][0];
    assert_eq!((&site["name"], &site["url"]), (&"LOCAL".into(), &(*program.url).into()));
    assert_eq!(site["behaviour"], "answers at once");

    let agent = "User-Agent: flags-async/0.1.0 (run 8f3a2c)\r\n";
    client.ask("GET", BRAZIL, agent);
    let run = run_with_answers(&mut reader, 1);
    assert_eq!(
        (&run["client"], &run["run"]),
        (&"flags-async/0.1.0".into(), &"8f3a2c".into())
    );
    assert_eq!((&run["address"], &run["site"]), (&"127.0.0.1".into(), &"LOCAL".into()));
    let bar = &run["bars"][0];
    assert_eq!((&bar["label"], &bar["flag"]), (&"BR".into(), &"br/br.gif".into()));

    client.ask("GET", "/flags/zz/zz.gif", agent);
    let run = run_with_answers(&mut reader, 2);
    let mut late = watch(&program);
    late.receive(false);
    let mut replayed = event(&mut late, "runs")["runs"][0].take();
    assert_eq!(replayed["bars"].as_array().unwrap().len(), 2);
    assert_eq!(
        replayed["bars"][1],
        run["bars"].as_array().unwrap().last().cloned().unwrap()
    );
    replayed["bars"] = run["bars"].clone();
    assert_eq!(replayed, run);
}

#[test]
fn a_reader_that_leaves_and_one_who_stays_do_not_disturb_each_other() {
    let (program, mut client) = start();
    let mut readers = [watch(&program), watch(&program), watch(&program)];
    for reader in &mut readers {
        event(reader, "runs");
    }
    client.get(BRAZIL);
    let [first, second, third] = readers;
    drop(first);
    for mut reader in [second, third] {
        assert_eq!(run_with_answers(&mut reader, 1)["requests"], 1);
    }
}

#[test]
fn who_comes_by_a_name_that_somebody_may_own_is_not_told_of_the_runs() {
    let (program, mut client) = start();
    let port = program.url.trim_start_matches("http://127.0.0.1:");
    let port = port.trim_end_matches("/flags");
    client.get(BRAZIL);
    for path in ["/live/runs.json", "/live/events", "/live/qr.svg"] {
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil", ""] {
            client.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"));
            let answer = client.receive(true);
            assert_eq!(answer.status, 403, "{path} {host}");
            let page = format!("Open http://localhost:{port}/ instead.");
            assert!(answer.text().contains(&page), "{}", answer.text());
            assert!(answer.text().lines().all(|line| line.len() <= 80));
        }
        for host in ["localhost", "127.0.0.1", "[::1]", "192.168.1.7"] {
            let mut client = Client::connect(&program.url);
            client.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"));
            assert_eq!(client.receive(false).status, 200, "{path} {host}");
        }
    }
    // The flags are for everybody, by whatever name a class calls this computer.
    client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: teacher.example\r\n\r\n"));
    assert_eq!(client.receive(true).status, 200);
}

#[test]
fn clearing_works_from_the_pages_own_origin_only() {
    let (program, mut client) = start();
    client.get(BRAZIL);
    let port = program.url.trim_start_matches("http://127.0.0.1:");
    let port = port.trim_end_matches("/flags");
    for head in [
        format!("Host: localhost:{port}\r\n"),
        format!("Host: localhost:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"),
        format!("Host: localhost:{port}\r\nOrigin: https://localhost:{port}\r\n"),
        format!("Host: localhost:{port}\r\nOrigin: null\r\n"),
        format!("Host: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\n"),
    ] {
        for what in ["clear", "undo"] {
            assert_eq!(change(&mut client, what, &head), 403, "{head}");
        }
    }
    assert_eq!(runs(&mut client)["runs"].as_array().unwrap().len(), 1);

    let mut reader = watch(&program);
    event(&mut reader, "runs");
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        client.get(BRAZIL);
        let head = format!("Host: {host}:{port}\r\nOrigin: http://{host}:{port}\r\n");
        assert_eq!(change(&mut client, "clear", &head), 204, "{host}");
        assert_eq!(runs(&mut client)["runs"], serde_json::json!([]), "{host}");
        assert_eq!(next(&mut reader, "cleared")["undoSeconds"], 10);

        let other = "Host: localhost\r\nOrigin: http://evil.example\r\n";
        assert_eq!(change(&mut client, "undo", other), 403, "{host}");
        assert_eq!(change(&mut client, "undo", &head), 204, "{host}");
        assert_eq!(runs(&mut client)["runs"].as_array().unwrap().len(), 1, "{host}");
        let everything = next(&mut reader, "runs");
        assert_eq!(everything["runs"].as_array().unwrap().len(), 1, "{host}");
    }
}

#[test]
fn a_program_says_who_runs_it_on_which_thread_and_what_it_took() {
    let (program, mut client) = start();
    let agent = "User-Agent: flags-async/0.1.0 (run 8f3a2c)\r\n";
    let headers = format!("{agent}Flags-Thread: 3\r\nFlags-Name: 민아\r\n");
    client.ask("GET", BRAZIL, &headers);
    for nonsense in ["0", "-1", "65536", "x", ""] {
        client.ask("GET", BRAZIL, &format!("{agent}Flags-Thread: {nonsense}\r\n"));
    }
    let mut reader = watch(&program);
    let mut run = event(&mut reader, "runs")["runs"][0].take();
    assert_eq!((&run["name"], &run["report"]), (&"민아".into(), &Value::Null));
    let bars = run["bars"].as_array_mut().unwrap();
    let threads: Vec<_> = bars.iter_mut().map(|bar| bar["thread"].take()).collect();
    assert_eq!(threads[0], 3);
    assert_eq!(threads[1..], [const { Value::Null }; 5]);

    let report = |client: &mut Client, text: &str| {
        let length = text.len();
        client.send(&format!(
            "POST /live/report HTTP/1.1\r\nHost: teacher.example\r\n{agent}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{text}"
        ));
        client.receive(true).status
    };
    let work = r#"{"role": "downloads", "work": [[0, 0.3], [411.2, 411.9]]}"#;
    let text = format!(r#"{{"elapsed": 1302.1, "cpu": 13.2, "threads": [{work}]}}"#);
    assert_eq!(report(&mut client, &text), 204);
    let run = event(&mut reader, "changes")["runs"][0].take();
    assert_eq!(run["report"]["threads"][0]["work"][1][0], 411.2);
    assert_eq!(report(&mut client, "[1]"), 400);
}

#[test]
fn markup_in_what_a_client_sends_is_nothing_but_text() {
    let (program, mut client) = start();
    let markup = "<img src=x onerror=alert(1)>\"\\</script>";
    // Angle brackets are refused in a path, as in every URL.
    let path = "/flags/%3Cb%3E\"&'";
    client.ask("GET", path, &format!("User-Agent: {markup}\r\n"));
    let answer = client.get("/live/runs.json");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let told: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(told["runs"][0]["client"], markup);
    assert_eq!(told["runs"][0]["bars"][0]["label"], path);
    let mut reader = watch(&program);
    assert_eq!(event(&mut reader, "runs")["runs"], told["runs"]);
}

#[test]
fn a_head_that_is_too_large_is_refused_and_the_site_goes_on() {
    let (program, mut client) = start();
    let header = |bytes| format!("X-Filler: {}\r\n", "x".repeat(bytes));
    assert_eq!(client.ask("GET", BRAZIL, &header(15_000)).status, 200);
    client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n{}", header(16_384)));
    assert_eq!(client.receive(true).status, 431);
    assert!(client.is_closed());
    let mut client = Client::connect(&program.url);
    assert_eq!(client.ask("GET", BRAZIL, &"X: y\r\n".repeat(200)).status, 431);
    assert_eq!(Client::connect(&program.url).get(BRAZIL).status, 200);
}

/// The memory that a program has taken, in megabytes.
#[cfg(target_os = "linux")]
fn memory(program: &Program) -> usize {
    let status = format!("/proc/{}/status", program.child.id());
    let status = std::fs::read_to_string(status).unwrap();
    let mut words =
        status.lines().find(|line| line.starts_with("VmRSS:")).unwrap().split(' ');
    let kilobytes: usize =
        words.rfind(|word| word.parse::<usize>().is_ok()).unwrap().parse().unwrap();
    kilobytes / 1024
}

/// How much memory a process has is told differently elsewhere.
#[cfg(target_os = "linux")]
#[test]
fn who_does_not_read_takes_no_memory() {
    let (program, mut client) = start();
    // What there is to read has three megabytes.
    for run in 0..30 {
        client.ask_again_and_again(&format!("a (run {run})"), BRAZIL, 1000);
    }
    assert!(client.get("/live/runs.json").body.len() > 3_000_000);
    let before = memory(&program);
    let mut readers = Vec::new();
    for number in 0..400 {
        let mut reader = Client::connect(&program.url);
        let path = if number % 2 == 0 { "events" } else { "runs.json" };
        reader.send(&format!("GET /live/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        readers.push(reader);
    }
    for reader in &mut readers {
        // It has been told as much as there is room for on the way.
        assert_eq!(reader.receive(false).status, 200);
        client.get(BRAZIL);
    }
    let grown = memory(&program) - before;
    assert!(grown <= 64, "{grown} megabytes");
    // Whoever reads is told everything meanwhile.
    assert!(client.get("/live/runs.json").body.len() > 3_000_000);
}
