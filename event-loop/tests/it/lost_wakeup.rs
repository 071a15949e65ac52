//! The program that is wrong on purpose has to be wrong, and to say so.

use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_event-loop-lost-wakeup");

#[test]
fn a_task_that_has_left_no_waker_is_never_polled_again() {
    let output = Command::new(PROGRAM).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let [steps @ .., given, end] = &lines[..] else { panic!("{text}") };
    let last = "Wait { sockets: 0, timeout: None }";
    assert_eq!(steps, ["Begin(1)", "Poll(0)", "Pending(0)", last]);
    assert!(given.starts_with("The answer is there."), "{given}");
    assert!(end.starts_with("2 s later no step has followed"), "{end}");
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
