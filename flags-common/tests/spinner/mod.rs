//! What all spinners promise, tested on the real program.
//!
//! Each of them includes this module in its own tests and says which program it is.

#[path = "../limit/mod.rs"]
mod limit;
#[cfg(unix)]
mod terminal;

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use self::limit::Limit;
#[cfg(unix)]
use self::terminal::{Terminal, frames, rows};

/// Ten times the 0.4 seconds that Ctrl-C may take, for a machine that is busy.
#[cfg(unix)]
const SOON: Duration = Duration::from_secs(4);

fn run(arguments: &[&str]) -> Output {
    let _limit = Limit::start();
    Command::new(crate::PROGRAM).args(arguments).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_pipe_gets_two_lines_and_no_frames() {
    let output = run(&["--seconds", "0.3"]);
    assert_eq!(text(output.stdout), format!("{}\nAnswer: 42\n", crate::OBJECT));
    assert_eq!(text(output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn it_is_over_as_soon_as_the_slow_function_is() {
    // If the spinner slept out the time of its frame, every run would take 0.1 seconds.
    let run_time = |_| {
        let start = Instant::now();
        run(&["--seconds", "0"]);
        start.elapsed()
    };
    let shortest = (0..20).map(run_time).min().unwrap();
    assert!(shortest < Duration::from_millis(100), "{shortest:?}");
}

#[test]
fn a_wrong_command_line_is_explained() {
    for arguments in [
        &["--seconds", "three"][..],
        &["--seconds", "-1"],
        &["--seconds=nan"],
        &["--seconds"],
        &["--fast"],
        &["3"],
    ] {
        let output = run(arguments);
        let explanation = text(output.stderr);
        assert!(explanation.starts_with("error: "), "{explanation}");
        let wrong = arguments.last().unwrap().trim_start_matches("--seconds=");
        assert!(explanation.contains(wrong), "{explanation}");
        assert_eq!(text(output.stdout), "");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn help_names_the_program_and_its_option() {
    let output = run(&["--help"]);
    let help = text(output.stdout);
    assert!(help.contains(&format!("Usage: {} [OPTIONS]\n", crate::NAME)), "{help}");
    assert!(help.contains("--seconds <N>"), "{help}");
    assert!(help.lines().all(|line| line.chars().count() < 80), "{help}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_reader_that_leaves_early_does_no_harm() {
    let mut command = Command::new(crate::PROGRAM);
    let command = command.args(["--seconds", "0.3"]).stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let _limit = Limit::start();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let full = std::fs::File::create("/dev/full").unwrap();
    let mut command = Command::new(crate::PROGRAM);
    let command = command.args(["--seconds", "0"]).stdout(full);
    let _limit = Limit::start();
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let explanation = text(output.stderr);
    assert!(explanation.starts_with("error: cannot write to standard output: "));
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_thread_or_a_file_that_the_system_refuses_is_a_message_and_no_panic() {
    for limit in [
        // Each thread reserves a gigabyte, so that none, one or two can be started.
        "export RUST_MIN_STACK=1000000000; ulimit -v 900000",
        "export RUST_MIN_STACK=1000000000; ulimit -v 1500000",
        "export RUST_MIN_STACK=1000000000; ulimit -v 2500000",
        "ulimit -n 6",
    ] {
        let _limit = Limit::start();
        let mut command = Command::new("sh");
        let script = format!("{limit}; exec \"$0\" --seconds 0");
        let output = command.arg("-c").arg(script).arg(crate::PROGRAM).output().unwrap();
        let explanation = text(output.stderr);
        match output.status.code() {
            Some(0) => assert_eq!(explanation, "", "{limit}"),
            Some(1) => {
                assert!(explanation.starts_with("error: "), "{limit}: {explanation}");
            }
            status => panic!("{limit}: {status:?} {explanation}"),
        }
        assert!(!explanation.contains("panic"), "{limit}: {explanation}");
    }
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_turns_until_the_answer_takes_its_place() {
    let began = Instant::now();
    let (output, status) = Terminal::start(&["--seconds", "1"]).read_to_end();
    let tenths = began.elapsed().as_millis() / 100;
    let frames = frames(&output);
    assert!(crate::FRAMES.contains(&frames.len()), "{} frames", frames.len());
    // However long it took, it draws no more than one in a tenth of a second.
    assert!(frames.len() as u128 <= tenths + 1, "{} in {tenths} tenths", frames.len());
    let expected = ['|', '/', '-', '\\'].into_iter().cycle();
    assert!(frames.iter().copied().eq(expected.take(frames.len())), "{frames:?}");
    assert_eq!(rows(&output), [crate::OBJECT, "Answer: 42", ""], "{output:?}");
    assert_eq!(status, 0);
}

#[cfg(unix)]
#[test]
fn ctrl_c_wipes_the_line_and_ends_it_at_once() {
    let mut terminal = Terminal::start(&["--seconds", "20"]);
    terminal.read_until(|output| {
        let turns = crate::FRAMES.contains(&0) || !frames(output).is_empty();
        turns && output.contains(&format!("{}\r\n", crate::OBJECT))
    });
    let pressed = Instant::now();
    terminal.press_ctrl_c();
    // To the end: a thread that went on spinning would be seen below the wiped line.
    let (output, status) = terminal.read_to_end();
    assert!(pressed.elapsed() < SOON, "{:?}", pressed.elapsed());
    assert_eq!(rows(&output), [crate::OBJECT, ""], "{output:?}");
    assert_eq!(status, 130);
}
