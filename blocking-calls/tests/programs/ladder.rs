//! The ladder: its order, and what it says of a rung that it cannot measure.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::Receiver;

use crate::testing::{
    LADDER, Report, command, in_time, on_a_thread, run, run_in_each, unusable_folders,
};

/// What the table says of one rung.
struct Rung<'a> {
    name: &'a str,
    book: &'a str,
    here: &'a str,
    remark: Option<&'a str>,
}

impl Rung<'_> {
    /// How many cycles one access took, if it has been measured.
    fn cycles(&self) -> Option<f64> {
        let cycles = self.here.split_whitespace().next().unwrap();
        cycles.replace(',', "").parse().ok()
    }
}

fn rungs(report: &Report) -> Vec<Rung<'_>> {
    let lines = report.stdout.lines().skip(3).take_while(|line| !line.is_empty());
    let mut rungs: Vec<Rung> = Vec::new();
    for line in lines {
        if let Some((name, book)) = line.split_once("  book ") {
            rungs.push(Rung { name: name.trim(), book, here: "", remark: None });
            continue;
        }
        let rung = rungs.last_mut().unwrap();
        match line.trim_start().strip_prefix("here ") {
            Some(here) => rung.here = here,
            None => rung.remark = Some(line.trim()),
        }
    }
    rungs
}

/// The names of the rungs that have not been measured. Each has an error with its reason,
/// and the exit status tells whether there are any.
fn missing(report: &Report) -> Vec<&str> {
    let is_missing = |rung: &Rung| rung.here.trim() == "cannot be measured here";
    let mut missing = rungs(report);
    missing.retain(is_missing);
    let missing: Vec<&str> = missing.iter().map(|rung| rung.name).collect();
    for name in &missing {
        let error = format!("error: {name}: ");
        assert!(report.stderr.contains(&error), "{name}: {}", report.stderr);
    }
    assert_eq!(report.stderr.lines().count(), missing.len(), "{}", report.stderr);
    assert_eq!(report.status(), Some(i32::from(!missing.is_empty())));
    missing
}

/// The ladder without the memory that the rung RAM needs, where the system can limit it:
/// to measure that one takes most of the time, and one test is enough for it.
fn ladder(arguments: &[&str]) -> Command {
    #[cfg(target_os = "linux")]
    return crate::testing::command_with_addresses(120_000, LADDER, arguments);
    #[cfg(not(target_os = "linux"))]
    return command(LADDER, arguments);
}

/// A site that answers each request at once. It sends how many requests there were on
/// each connection, when the address `/end` has been asked for.
fn site() -> (String, Receiver<Vec<usize>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = move || {
        let mut requests = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().unwrap();
            let reader = BufReader::new(stream.try_clone().unwrap());
            requests.push(0);
            for line in reader.lines().map_while(Result::ok) {
                if line.starts_with("GET /end ") {
                    requests.pop();
                    return requests;
                }
                if line.is_empty() {
                    *requests.last_mut().unwrap() += 1;
                    let answer = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\
                        Content-Length: 5\r\n\r\nsorry";
                    stream.write_all(answer).unwrap();
                }
            }
        }
    };
    (url, on_a_thread(count))
}

/// What stands below a rung.
fn remark<'a>(report: &'a Report, name: &str) -> Option<&'a str> {
    rungs(report).iter().find(|rung| rung.name == name).unwrap().remark
}

/// Whether a folder is on one of the file systems that are nowhere but on disks.
#[cfg(target_os = "linux")]
fn is_on_a_disk(folder: &Path) -> bool {
    const EXT4: i64 = 0xEF53;
    const XFS: i64 = 0x5846_5342;
    let file_system = rustix::fs::statfs(folder).unwrap().f_type;
    [EXT4, XFS].iter().any(|disk| i128::from(file_system) == i128::from(*disk))
}

#[test]
fn each_rung_is_farther_away_and_says_whose_delay_it_is() {
    let report = run(command(LADDER, &[]));
    let rungs = rungs(&report);
    let names: Vec<&str> = rungs.iter().map(|rung| rung.name).collect();
    assert_eq!(names, ["L1 cache", "L2 cache", "RAM", "disk", "network", "mutex"]);
    // How far away the mutex is depends on its holder alone.
    let cycles: Vec<f64> = rungs[..5].iter().filter_map(Rung::cycles).collect();
    assert!(cycles.is_sorted_by(|nearer, farther| nearer < farther), "{}", report.stdout);

    let missing = missing(&report);
    assert!(!missing.contains(&"network"), "{}", report.stderr);
    #[cfg(target_os = "linux")]
    if is_on_a_disk(Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        assert!(!missing.contains(&"disk"), "{}", report.stderr);
    }
    if Path::new("/sys/devices/system/cpu/cpu0/cache/index0/size").exists() {
        assert!(missing.iter().all(|name| *name == "disk"), "{}", report.stderr);
    }

    let network = remark(&report, "network").unwrap_or_default();
    assert!(network.starts_with("(the site's own delay"), "{}", report.stdout);
    let mutex = remark(&report, "mutex").unwrap_or_default();
    assert!(mutex.starts_with("(our own delay"), "{}", report.stdout);
}

#[test]
fn the_book_s_figures_stand_above_ours_in_80_columns() {
    let (url, _requests) = site();
    let report = run(ladder(&["--url", &url]));
    let books: Vec<Vec<&str>> = rungs(&report)
        .iter()
        .map(|rung| rung.book.split_whitespace().collect())
        .collect();
    let expected: [&[&str]; 6] = [
        &["3", "3", "s", "333,333,333"],
        &["14", "14", "s", "71,428,571"],
        &["250", "250", "s", "4,000,000"],
        &["41,000,000", "1.3", "years", "24"],
        &["240,000,000", "7.6", "years", "4"],
        &["–", "–", "–"],
    ];
    assert_eq!(books, expected, "{}", report.stdout);
    for line in report.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn another_site_can_be_asked_and_any_answer_will_do() {
    let (url, requests) = site();
    let report = run(ladder(&["--url", &format!("{url}/flags/?query")]));
    assert!(!missing(&report).contains(&"network"), "{}", report.stderr);
    assert_eq!(remark(&report, "network"), None, "{}", report.stdout);
    let mutex = remark(&report, "mutex").unwrap_or_default();
    assert!(mutex.starts_with("(our own delay"), "{}", report.stdout);
    // Too little memory leaves out only what needs more.
    if cfg!(target_os = "linux") {
        assert!(missing(&report).contains(&"RAM"), "{}", report.stdout);
    }
    let end = url.trim_start_matches("http://");
    let mut connection = std::net::TcpStream::connect(end).unwrap();
    connection.write_all(b"GET /end HTTP/1.1\r\n\r\n").unwrap();
    // The first request opens the connection that the others are timed on.
    assert_eq!(in_time(&requests), [12]);
}

#[test]
fn a_site_that_does_not_answer_is_left_out() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let report = run(ladder(&["--url", &url]));
    assert!(missing(&report).contains(&"network"));
    let error = format!("error: network: no answer from {url}: ");
    assert!(report.stderr.contains(&error), "{}", report.stderr);
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let (url, _requests) = site();
    let command = |folder: &str| ladder(&["--url", &url, "--folder", folder]);
    for (folder, report) in run_in_each(&unusable_folders(), command) {
        assert!(missing(&report).contains(&"disk"), "{}", report.stdout);
        let error = format!("error: disk: cannot use the folder {folder}: ");
        assert!(report.stderr.contains(&error), "{}", report.stderr);
        assert!(report.stderr.contains("--folder names another"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_in_memory_is_not_taken_for_a_disk() {
    let Ok(folder) = tempfile::tempdir_in("/dev/shm") else {
        return;
    };
    let (url, _requests) = site();
    let arguments = ["--url", &url, "--folder", folder.path().to_str().unwrap()];
    let report = run(ladder(&arguments));
    assert!(missing(&report).contains(&"disk"), "{}", report.stdout);
    assert!(report.stderr.contains("answered from memory"), "{}", report.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_is_ended_leaves_no_file() {
    // What comes next is the file on the disk.
    crate::testing::assert_the_end_leaves_nothing("disk", ladder(&[]));
}
