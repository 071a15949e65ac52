//! The program `flags-server` as its user sees it.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use crate::support::client::Client;
use crate::support::ctrl_c;
use crate::support::program::{LIMIT, Program, line_with, lines, rest};

const BRAZIL: &str = "/flags/br/br.gif";

/// Runs the program where it cannot start, and returns what it said.
fn refused(arguments: &str) -> String {
    let mut program = Program::start(arguments);
    assert_eq!(program.url, "", "{arguments}");
    assert_eq!(program.wait().code(), Some(2), "{arguments}");
    rest(&program.stderr).join("\n")
}

#[test]
fn stdout_is_the_url_and_nothing_else() {
    let mut program = Program::start("--profile LOCAL --port 0");
    assert!(program.url.starts_with("http://127.0.0.1:"), "{}", program.url);
    let page = program.stderr_line_with("Watch: ");
    let port = program.url.trim_start_matches("http://127.0.0.1:");
    assert_eq!(
        page,
        format!("Watch: http://localhost:{}", port.trim_end_matches("flags"))
    );
    let line = program.stderr_line_with("cargo run -p flags-async -- -s http://");
    assert!(line.ends_with(&program.url), "{line}");
    assert_eq!(Client::connect(&program.url).get(BRAZIL).status, 200);

    program.child.kill().unwrap();
    assert!(rest(&program.stdout).is_empty());
    // Without being asked it tells nothing of the request either.
    assert!(rest(&program.stderr).iter().all(|line| !line.contains(BRAZIL)));
}

#[test]
fn each_address_is_told_once_in_lines_that_fit_a_terminal() {
    for bind in ["", " --bind 0.0.0.0"] {
        let mut program = Program::start(&format!("--port 0{bind}"));
        let mut lines = vec![program.url.clone()];
        lines.extend((0..3).map(|_| program.stdout.recv_timeout(LIMIT).unwrap()));
        let urls = lines.clone();
        while lines.last().unwrap() != "Stop it: Ctrl-C" {
            lines.push(program.stderr.recv_timeout(LIMIT).unwrap());
        }
        for line in &lines {
            assert!(line.chars().count() <= 80, "{line}");
        }
        for (url, name) in urls.iter().zip(["LOCAL", "DELAY", "ERROR", "BOOK"]) {
            let count = lines.iter().filter(|line| line.contains(url)).count();
            // The last one is in the command to try, too.
            assert_eq!(count, if name == "BOOK" { 2 } else { 1 }, "{lines:?}");
            let port = url.trim_end_matches("/flags").rsplit(':').next().unwrap();
            let start = format!("{port}: {name} answers ");
            assert!(lines.iter().any(|line| line.starts_with(&start)), "{lines:?}");
            assert_eq!(Client::connect(url).get("/").status, 200);
        }
        program.child.kill().unwrap();
        assert!(rest(&program.stdout).is_empty(), "{bind}");
    }
}

#[test]
fn one_profile_or_one_behaviour_can_be_served() {
    for (arguments, behaviour) in [
        ("--port 0 --profile local", "answers at once"),
        ("--port 0 --profile error", "500ms to 5s, 25 % with status 418"),
        ("--port 0 --profile overload", "later with more than 5 in flight"),
        ("--port 0 --latency exp:9ms", "9ms on average"),
        ("--port 0 --latency 7ms --error-rate 1", "100 % with"),
    ] {
        let program = Program::start(arguments);
        let page = Client::connect(&program.url).get("/flags");
        assert!(page.text().contains(behaviour), "{arguments}: {}", page.text());
        program.stderr_line_with(behaviour);
    }
}

#[test]
fn the_seed_decides() {
    let statuses = |seed| {
        let site = "--port 0 --latency 0 --error-rate 0.5";
        let program = Program::start(&format!("{site} --seed {seed}"));
        let mut client = Client::connect(&program.url);
        (0..64).map(|_| client.get(BRAZIL).status).collect::<Vec<_>>()
    };
    assert_eq!(statuses(1), statuses(1));
    assert_ne!(statuses(1), statuses(2));
}

#[test]
fn every_request_is_a_line_when_asked_for() {
    let program = Program::start("-v --port 0 --latency 2ms --error-rate 0");
    let mut client = Client::connect(&program.url);
    let length = client.get(BRAZIL).body.len();
    let line = program.stderr_line_with(BRAZIL);
    assert!(line.starts_with("127.0.0.1:"), "{line}");
    let expected = format!(" GET {BRAZIL} 200 {length} bytes after 0.002s");
    assert!(line.ends_with(&expected), "{line}");

    client.ask("HEAD", BRAZIL, "");
    let line = program.stderr_line_with("HEAD");
    assert!(line.ends_with(" 200 0 bytes after 0.002s"), "{line}");
    client.get("/nothing");
    program.stderr_line_with("/nothing 404 ");
}

#[test]
fn a_client_that_goes_away_is_told_too() {
    let program = Program::start("-v --port 0 --latency 3600");
    let mut other = Client::connect(&program.url);
    // Of one that leaves before its request is read there is nothing to tell. The other
    // makes that unlikely, and to do it some times makes it impossible.
    for _ in 0..20 {
        let mut client = Client::connect(&program.url);
        client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n\r\n"));
        other.get("/");
    }
    program.stderr_line_with("br.gif was not answered");
}

#[test]
fn bad_usage_is_refused_before_anything_is_served() {
    for (arguments, wrong) in [
        ("--latency soon", "soon"),
        ("--error-rate 2 --latency 1", "from 0"),
        ("--profile BOOK --latency 1", "cannot be used with"),
        ("--bind nowhere", "IP addresses"),
        ("--port 65533", "up to 65532"),
    ] {
        assert!(refused(arguments).contains(wrong), "{arguments}");
    }
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let text = refused(&format!("--port {}", address.port()));
    assert!(text.contains(&format!("{address}: the port is in use")), "{text}");
    assert!(text.contains("Stop the program") && text.contains("--port 9000"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 80), "{text}");
}

#[test]
fn a_port_in_use_by_ipv6_is_refused_too() {
    // Without IPv6 nobody can be in the way.
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let text = refused(&format!("--port {}", listener.local_addr().unwrap().port()));
    assert!(text.contains("the port is in use"), "{text}");
}

#[test]
fn an_address_of_another_machine_is_refused() {
    // Reserved for documentation (RFC 5737), so no machine has it.
    let text = refused("--port 0 --bind 203.0.113.77");
    assert!(text.contains("does not have that address"), "{text}");
}

#[test]
fn open_to_the_network_it_warns_and_gives_a_url_that_works() {
    let program = Program::start("--profile LOCAL --port 0 --bind 0.0.0.0");
    assert!(!program.url.contains("0.0.0.0"), "{}", program.url);
    assert_eq!(Client::connect(&program.url).get(BRAZIL).status, 200);
    program.stderr_line_with("WARNING");
    let line = program.stderr_line_with("Watch: ");
    assert_eq!(line, format!("Watch: {}", program.url.trim_end_matches("flags")));
    let line = program.stderr_line_with("Try it: ");
    assert!(line.ends_with(&program.url), "{line}");
}

#[test]
fn localhost_leads_to_the_site_by_ipv6_too() {
    // A port that was free a moment ago may be taken by now; then it is another's turn.
    let mut program = (0..10)
        .map(|_| {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            Program::start(&format!("--profile LOCAL --port {port}"))
        })
        .find(|program| !program.url.is_empty())
        .unwrap();
    assert_eq!(Client::connect(&program.url).get(BRAZIL).status, 200);
    // Not every machine has IPv6, and there the program runs without.
    if TcpListener::bind("[::1]:0").is_ok() {
        let by_ipv6 = program.url.replace("127.0.0.1", "[::1]");
        assert_eq!(Client::connect(&by_ipv6).get(BRAZIL).status, 200);
    }
    assert!(program.child.try_wait().unwrap().is_none());
}

#[test]
fn a_log_that_is_not_read_stops_nobody() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flags-server"))
        .args(["-v", "--profile", "LOCAL", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let url = line_with("http", &lines(child.stdout.take().unwrap()));
    // A pipe holds some thousand lines at most, and nobody takes any of them.
    Client::connect(&url).ask_again_and_again("curl", BRAZIL, 5000);
    let stderr = lines(child.stderr.take().unwrap());
    let line = line_with("lines are left out)", &stderr);
    assert!(line.starts_with('('), "{line}");
    Client::connect(&url).get("/nothing");
    line_with("/nothing 404", &stderr);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn nothing_in_a_path_does_anything_to_a_terminal() {
    let program = Program::start("-v --profile LOCAL --port 0");
    let mut client = Client::connect(&program.url);
    client.get("/flags/\u{202e}\u{9b}31m\u{2028}");
    let line = program.stderr_line_with("/flags/");
    assert!(line.contains(r" /flags/\u{202e}\u{9b}31m\u{2028} 404 "), "{line}");
}

#[test]
fn nobody_has_to_read_what_it_says() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flags-server"))
        .args(["-v", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let stderr = lines(child.stderr.take().unwrap());
    let line = line_with("Try it:", &stderr);
    // The thread that reads ends, and closes the pipe, when it has nobody to tell.
    drop(stderr);
    let mut client = Client::connect(line.split(" -s ").nth(1).unwrap());
    for _ in 0..3 {
        assert_eq!(client.get(BRAZIL).status, 200);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn ctrl_c_stops_it_with_requests_in_flight() {
    if ctrl_c::has_passed_on_its_own_console(ctrl_c_stops_it_with_requests_in_flight) {
        return;
    }
    let mut program = Program::start("--port 0 --latency 3600");
    let mut clients: Vec<_> = (0..8).map(|_| Client::connect(&program.url)).collect();
    for client in &mut clients {
        // The answer shows that the connection has been accepted.
        assert_eq!(client.get("/").status, 200);
        client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n\r\n"));
    }
    ctrl_c::press(&program.child);
    assert_eq!(program.wait().code(), Some(130));
    assert!(clients.iter_mut().all(Client::is_closed));
}

#[test]
fn ctrl_c_is_heard_as_soon_as_the_url_is_told() {
    if ctrl_c::has_passed_on_its_own_console(ctrl_c_is_heard_as_soon_as_the_url_is_told) {
        return;
    }
    for _ in 0..10 {
        let mut program = Program::start("--port 0");
        ctrl_c::press(&program.child);
        assert_eq!(program.wait().code(), Some(130));
    }
}

#[cfg(unix)]
#[test]
fn with_few_descriptors_nobody_is_lost() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 24; exec \"$0\" --profile LOCAL --port 0"]);
    let program = Program::spawn(shell.arg(env!("CARGO_BIN_EXE_flags-server")));
    let mut clients: Vec<_> = (0..40).map(|_| Client::connect(&program.url)).collect();
    for client in &mut clients {
        let close = "Connection: close\r\n\r\n";
        client.send(&format!("GET {BRAZIL} HTTP/1.1\r\nHost: flags\r\n{close}"));
    }
    for client in &mut clients {
        assert_eq!(client.receive(true).status, 200);
    }
}

#[cfg(unix)]
#[test]
fn with_hardly_any_descriptors_it_says_so_and_ends() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 6; exec \"$0\" --port 0"]);
    let output = shell.arg(env!("CARGO_BIN_EXE_flags-server")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.starts_with("flags-server: this system's limit of 6 open files"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn those_who_say_nothing_keep_nobody_out() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 24; exec \"$0\" --profile LOCAL --port 0"]);
    let program = Program::spawn(shell.arg(env!("CARGO_BIN_EXE_flags-server")));
    let idle: Vec<_> = (0..40).map(|_| Client::connect(&program.url)).collect();
    // They would be closed in half a minute by themselves.
    let started = Instant::now();
    assert_eq!(Client::connect(&program.url).get(BRAZIL).status, 200);
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    drop(idle);
}
