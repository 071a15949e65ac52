//! What the two programs show that take their results as they complete, tested on the
//! real program. Each of them includes this module and says what it shows.

#[path = "../limit/mod.rs"]
mod limit;
#[path = "../downloader/raw_site.rs"]
#[allow(dead_code, reason = "the table of faults needs more of it")]
mod raw_site;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use self::limit::Limit;
use self::raw_site::{Closing, RawSite};

const CODES: [&str; 5] = ["BR", "CN", "ID", "IN", "US"];

#[test]
fn each_flag_is_shown_with_its_state_when_it_has_been_scheduled() {
    // Connections to it are made, but nobody ever answers.
    let silent_site = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/flags", silent_site.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(super::PROGRAM)
        .args(["-s", &url])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let _limit = Limit::start();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let scheduled: Vec<String> = stdout.lines().take(5).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let line = |(code, state)| format!("Scheduled for {code}: {state}");
    let expected: Vec<String> = CODES.iter().zip(super::SCHEDULED).map(line).collect();
    assert_eq!(scheduled, expected);
}

#[test]
fn each_result_is_shown_with_its_state_when_it_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(super::PROGRAM);
    let _limit = Limit::start();
    let output =
        command.args(["-s", "LOCAL"]).current_dir(folder.path()).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}");
    for (number, code) in (1..).zip(CODES) {
        let finished = super::FINISHED.replace("CODE", code);
        let finished = finished.replace("NUMBER", &number.to_string());
        assert!(stdout.contains(&finished), "{code}: {stdout}");
        assert!(folder.path().join(format!("downloads/{code}.gif")).is_file());
    }
    // A line is that of the listing, or that of `show`, and never of both.
    for line in stdout.lines() {
        assert!(line.starts_with('<') || !line.contains('<') || line.starts_with("Sch"));
    }
    let last = stdout.lines().last().unwrap();
    assert!(last.starts_with("5 flags downloaded in "), "{stdout}");
}

#[test]
fn no_flag_is_lost_when_kept_connections_are_closed_as_a_request_comes() {
    let image = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\0;";
    for closing in [Closing::AfterRequest, Closing::AmidRequest] {
        let site = RawSite::closing(closing, image.to_vec());
        let folder = tempfile::tempdir().unwrap();
        let _limit = Limit::start();
        let output = Command::new(super::PROGRAM)
            .args(["-s", &site.url, "--timeout", "100s", "a"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(output.status.success());
        assert_eq!(folder.path().join("downloads").read_dir().unwrap().count(), 26);
        assert!(site.unanswered() > 0);
    }
}
