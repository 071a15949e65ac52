//! What `flags-async-ac` shows of its tasks.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_flags-async-ac");

#[test]
fn all_tasks_are_pending_until_the_event_loop_runs() {
    // Connections to it are made, but nobody ever answers.
    let silent_site = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/flags", silent_site.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["-s", &url])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let scheduled: Vec<String> = stdout.lines().take(5).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let expected = [
        "Scheduled for BR: <Task state=pending>",
        "Scheduled for CN: <Task state=pending>",
        "Scheduled for ID: <Task state=pending>",
        "Scheduled for IN: <Task state=pending>",
        "Scheduled for US: <Task state=pending>",
    ];
    assert_eq!(scheduled, expected);
}

#[test]
fn each_result_comes_with_its_finished_task() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    let output =
        command.args(["-s", "LOCAL"]).current_dir(folder.path()).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}");
    for code in ["BR", "CN", "ID", "IN", "US"] {
        let finished = format!("<Task state=finished> result: Ok(Downloaded({code}))");
        assert!(stdout.contains(&finished), "{code}: {stdout}");
        assert!(folder.path().join(format!("downloads/{code}.gif")).is_file());
    }
    let last = stdout.lines().last().unwrap();
    assert!(last.starts_with("5 flags downloaded in "), "{stdout}");
}
