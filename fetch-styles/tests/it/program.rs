//! The program, as a class runs it.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Output, Stdio};

use crate::site::{Site, refusing_site};

const STYLES: [&str; 12] = [
    "synchronous_fetch",
    "asynchronous_fetch",
    "async_fetch_future",
    "fetch_to_queue",
    "registered_fetch",
    "fetch_coroutine",
    "synchronous",
    "callback",
    "future",
    "queue",
    "registry",
    "coroutine",
];

#[test]
fn all_styles_fetch_from_the_embedded_site() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    let mut sizes = BTreeSet::new();
    let lines = lines(&output);
    for (line, (handler, blocks)) in lines.iter().zip([
        ("main", true),
        ("fetcher", false),
        ("main", false),
        ("main", false),
        ("fetcher", false),
        ("main", false),
        ("main", true),
        ("fetcher", false),
        ("main", false),
        ("main", true),
        ("fetcher", false),
        ("main", false),
    ]) {
        // synchronous_fetch  ####  312 ms  312 ms  main  1964 bytes
        let words: Vec<_> = line.split_whitespace().collect();
        let [_, bar, returned, "ms", came, "ms", thread, bytes, "bytes"] = words[..]
        else {
            panic!("{line}")
        };
        assert_eq!(thread, handler, "{line}");
        assert_eq!(bar.len(), 20, "{line}");
        assert_eq!(bar.matches('#').count() > 10, blocks, "{line}");
        assert!(came.parse::<u32>().unwrap() >= 300, "{line}");
        assert_eq!(returned.parse::<u32>().unwrap() >= 300, blocks, "{line}");
        sizes.insert(bytes.parse::<u32>().unwrap());
    }
    assert!(sizes.len() == 1 && !sizes.contains(&0), "always the same flag: {sizes:?}");
}

#[test]
fn a_flag_that_is_not_there_is_an_answer() {
    let site = Site::open();
    let output = run(&["--url", &format!("{}/absent", site.url)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_every_line_ends_with(&output, "not found");
}

#[test]
fn a_refused_connection_is_a_failure() {
    let (_socket, url) = refusing_site();
    let output = run(&["--url", &url]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_every_line_ends_with(&output, "connection refused");
}

#[test]
fn a_timeout_is_a_failure() {
    let site = Site::closed();
    let output = run(&["--url", &site.url, "--timeout", "50ms"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_every_line_ends_with(&output, "timed out");
}

#[test]
fn what_is_wrong_on_the_command_line_is_named() {
    for (arguments, problem) in [
        (&["--url", "moon"][..], "URLs such as http://localhost:8000/flags are allowed"),
        (&["--timeout", "0"], "a time above 0 is needed"),
        (&["--timeout", "soon"], "200ms"),
        (&["br"], "'br'"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(problem), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_reader_may_leave() {
    let site = Site::open();
    let mut child = program(&["--url", &site.url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(stderr, "");
    assert!(child.wait().unwrap().success());
}

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_fetch-styles"));
    program.args(arguments);
    program
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

/// The lines about the styles, which are complete and in order.
fn lines(output: &Output) -> Vec<String> {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> =
        stdout.lines().filter(|line| line.contains(" ms ")).map(str::to_owned).collect();
    let styles = lines.iter().filter_map(|line| line.split(' ').next());
    assert!(styles.eq(STYLES), "{stdout}");
    lines
}

fn assert_every_line_ends_with(output: &Output, error: &str) {
    for line in lines(output) {
        assert!(line.ends_with(error), "{line}");
    }
    let everything = String::from_utf8_lossy(&output.stdout);
    assert_eq!(everything.matches(error).count(), STYLES.len(), "{everything}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
