//! The program that is wrong on purpose has to be wrong, and to say so.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::downloads::downloader::ctrl_c;

const PROGRAM: &str = env!("CARGO_BIN_EXE_event-loop-lost-wakeup");
const ASLEEP: &str = "Wait { sockets: 0, timeout: None }";

/// A program whose loop sleeps, and what it will print from now on.
fn start_and_fall_asleep() -> (Child, BufReader<ChildStdout>) {
    let mut command = Command::new(PROGRAM);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while line.trim_end() != ASLEEP {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it does not fall asleep");
    }
    (child, stdout)
}

#[test]
fn a_task_that_has_left_no_waker_is_never_polled_again() {
    let output = Command::new(PROGRAM).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let [steps @ .., given, end] = &lines[..] else { panic!("{text}") };
    assert_eq!(steps, ["Begin(1)", "Poll(0)", "Pending(0)", ASLEEP]);
    assert!(given.starts_with("The answer is there."), "{given}");
    assert!(end.starts_with("2 s later no step has followed"), "{end}");
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&[][..], Some(0)));
}

#[cfg(unix)]
#[test]
fn a_wait_that_the_system_interrupts_goes_on_and_is_no_wake_up() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let (child, stdout) = start_and_fall_asleep();
    let process = Pid::from_raw(child.id().try_into().unwrap());
    for signal in [Signal::SIGSTOP, Signal::SIGCONT] {
        kill(process, signal).unwrap();
    }
    let rest = std::io::read_to_string(stdout).unwrap();
    assert!(rest.contains("2 s later no step has followed"), "{rest}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&[][..], Some(0)));
}

#[test]
fn ctrl_c_ends_it() {
    if ctrl_c::has_passed_on_its_own_console(ctrl_c_ends_it) {
        return;
    }
    let (mut child, _stdout) = start_and_fall_asleep();
    ctrl_c::press(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let (child, stdout) = start_and_fall_asleep();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&[][..], Some(0)));
}

#[test]
fn help_says_that_it_is_wrong_on_purpose_and_other_options_are_refused() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().starts_with("Wrong on purpose"));
    let wrong = Command::new(PROGRAM).arg("--right").output().unwrap();
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("--right"));
    assert_eq!(wrong.status.code(), Some(2));
}
