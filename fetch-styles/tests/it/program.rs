//! The program, as a class runs it.

use std::ops::Range;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::testing::{PATIENT, Site, refusing_site};

/// The name of a row, whether it says that the style is asynchronous and non-blocking,
/// how many threads it counts, and on which of them it handles the answer.
type Row = (&'static str, &'static str, &'static str, usize, &'static str);

const ONE: [Row; 13] = [
    ("synchronous_fetch", "no", "no", 1, "main"),
    ("asynchronous_fetch", "yes", "yes", 2, "fetcher"),
    ("async_fetch_future", "yes", "yes", 2, "main"),
    ("fetch_to_queue", "yes", "no", 2, "main"),
    ("registered_fetch", "yes", "yes", 2, "fetcher"),
    ("fetch_coroutine", "yes", "yes", 1, "main"),
    ("fetch_task", "yes", "yes", 1, "main"),
    ("synchronous", "no", "no", 1, "main"),
    ("callback", "yes", "yes", 2, "fetcher"),
    ("future", "yes", "yes", 2, "main"),
    ("queue", "no", "no", 2, "main"),
    ("registry", "yes", "yes", 2, "fetcher"),
    ("coroutine", "yes", "yes", 1, "main"),
];

const AT_ONCE: [(&str, usize, &str); 8] = [
    ("synchronous_fetch", 1, "main"),
    ("synchronous_fetch", 101, "its own"),
    ("asynchronous_fetch", 2, "fetcher"),
    ("async_fetch_future", 2, "main"),
    ("fetch_to_queue", 2, "main"),
    ("registered_fetch", 2, "fetcher"),
    ("fetch_coroutine", 1, "main"),
    ("fetch_task", 1, "main"),
];

#[cfg(target_os = "linux")]
#[test]
fn files_that_the_system_refuses_are_told_in_words() {
    for files in [6, 8, 10, 12, 16] {
        let mut command = Command::new("sh");
        let script = format!("ulimit -n {files}; exec \"$0\" one-flag --timeout 1s");
        command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_fetch-styles"));
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("`ulimit -n` raises its limit"), "{files}: {text}");
        assert!(!text.contains("os error") && !text.contains("panic"), "{text}");
        assert_eq!(output.status.code(), Some(1), "{files}: {text}");
    }
}

#[test]
fn the_table_says_what_the_styles_are_and_the_times_agree() {
    // Side by side, because a part waits most of its time.
    let parts = ["one-flag", "two-in-a-row", "at-once"].map(|part| start(&[part]));
    let mut stdout = String::new();
    for part in parts {
        let output = output_of(part);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        stdout += std::str::from_utf8(&output.stdout).unwrap();
    }
    for line in stdout.lines() {
        assert!(line.chars().count() <= 79, "{line}");
    }
    let rows = rows(&stdout);
    let (ones, at_once) = rows.split_at(ONE.len());
    for (line, row) in ones.iter().zip(ONE) {
        let (style, asynchronous, non_blocking, threads, handler) = row;
        let column = |columns| column(line, columns);
        assert_eq!(column(0..18), style, "{line}");
        let [bar, done] = [column(19..35), column(62..68)];
        assert_eq!(column(36..39), asynchronous, "{line}");
        assert_eq!(column(49..52), non_blocking, "{line}");
        let [call, held] = [column(39..48), column(52..61)].map(|text| ms(&text));
        assert_eq!(column(69..71), threads.to_string(), "{line}");
        assert_eq!(column(72..79), handler, "{line}");
        // The site takes 300 ms, and the other work 200 ms, before or meanwhile.
        assert_eq!(call >= 300.0, asynchronous == "no", "{line}");
        assert_eq!(bar.starts_with("######"), asynchronous == "no", "{line}");
        assert!(held >= call, "{line}");
        let both = asynchronous == "no" || style.ends_with("coroutine");
        assert!(ms(&done) >= if both { 500.0 } else { 300.0 }, "{line}");
    }
    for (line, (style, threads, handler)) in at_once.iter().zip(AT_ONCE) {
        assert!(line.starts_with(style), "{line}");
        assert!(line.ends_with(&format!("s {threads:>3} {handler}")), "{line}");
    }
}

#[test]
fn only_a_flag_that_is_not_there_is_no_failure() {
    let (open, closed, (_socket, refusing)) =
        (Site::open(), Site::closed(), refusing_site());
    let absent = format!("{}/absent", open.url);
    let cases = [
        (&["--url", &absent][..], 0, "not found"),
        (&["--url", &refusing], 1, "connection refused"),
        (&["--url", &closed.url, "--timeout", "50ms"], 1, "timed out"),
    ];
    // Side by side, because most of the time they wait.
    let running = cases.map(|(arguments, ..)| start(arguments));
    for (child, (_, status, error)) in running.into_iter().zip(cases) {
        let output = output_of(child);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert_every_row_has(&output, error);
    }
}

#[test]
fn what_is_wrong_on_the_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--url", "moon"][..],
            "--url takes a URL like http://localhost:8000/flags, not 'moon'",
        ),
        (&["--timeout", "0"], "--timeout takes a time above 0"),
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
    let mut child = start(&["--url", &site.url]);
    drop(child.stdout.take());
    let output = output_of(child);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

fn run(arguments: &[&str]) -> Output {
    output_of(start(arguments))
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_fetch-styles"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn output_of(child: Child) -> Output {
    let (sender, output) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    // It takes about 10 seconds of which most are waiting, whatever the machine.
    output.recv_timeout(4 * PATIENT).expect("the program ends").unwrap()
}

/// The lines about the styles, which are complete and in order.
fn rows(stdout: &str) -> Vec<&str> {
    let expected = || {
        let one = ONE.iter().map(|(style, ..)| *style);
        one.chain(AT_ONCE.iter().map(|(style, ..)| *style))
    };
    let style = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let is_row = |line: &&str| expected().any(|name| name == style(line));
    let rows: Vec<_> = stdout.lines().filter(is_row).collect();
    assert!(rows.iter().map(|row| style(row)).eq(expected()), "{stdout}");
    rows
}

/// What stands in some columns of a line.
fn column(line: &str, columns: Range<usize>) -> String {
    let text: String = line.chars().skip(columns.start).take(columns.len()).collect();
    text.trim().to_owned()
}

/// A time such as `302 ms` or `1.02 s`, in milliseconds.
fn ms(text: &str) -> f64 {
    let (number, unit) = text.split_once(' ').unwrap();
    number.parse::<f64>().unwrap() * if unit == "ms" { 1.0 } else { 1000.0 }
}

/// Below each row, except for the one that is only computed.
fn assert_every_row_has(output: &Output, error: &str) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let rows = rows(&stdout).len() - 1;
    let errors = stdout.lines().filter(|line| line.trim_start().ends_with(error));
    assert_eq!(errors.count(), rows, "{stdout}");
    assert!(stdout.contains(&format!("100 × {error}")), "{stdout}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
