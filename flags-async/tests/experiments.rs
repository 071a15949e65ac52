//! What the experiments show, and how they end, tested on the real programs.

#[path = "../../flags-server/tests/support/ctrl_c.rs"]
mod ctrl_c;
#[path = "../../flags-common/tests/limit/mod.rs"]
mod limit;

use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::str::FromStr;

use self::limit::Limit;

/// A program, and its source, whose header promises what it prints.
#[derive(Clone, Copy)]
struct Experiment {
    name: &'static str,
    program: &'static str,
    source: &'static str,
}

const LAZY: Experiment = Experiment {
    name: "lazy",
    program: env!("CARGO_BIN_EXE_lazy"),
    source: include_str!("../src/bin/lazy.rs"),
};
const WAIT: Experiment = Experiment {
    name: "flags-async-wait",
    program: env!("CARGO_BIN_EXE_flags-async-wait"),
    source: include_str!("../src/bin/flags-async-wait.rs"),
};
const FIRST_WINS: Experiment = Experiment {
    name: "first-wins",
    program: env!("CARGO_BIN_EXE_first-wins"),
    source: include_str!("../src/bin/first-wins.rs"),
};
const ALL_OR_NOTHING: Experiment = Experiment {
    name: "all-or-nothing",
    program: env!("CARGO_BIN_EXE_all-or-nothing"),
    source: include_str!("../src/bin/all-or-nothing.rs"),
};
const ALL: [Experiment; 4] = [LAZY, WAIT, FIRST_WINS, ALL_OR_NOTHING];

impl Experiment {
    fn start(self, arguments: &[&str], stdout: impl Into<Stdio>) -> Child {
        let mut command = Command::new(self.program);
        command.args(arguments).stdin(Stdio::null());
        command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs it without options, and returns the lines that it prints.
    fn lines(self) -> Vec<String> {
        let output = end(self.start(&[], Stdio::piped()));
        assert_eq!((text(&output.stderr), output.status.code()), ("", Some(0)));
        text(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// The lines that its header promises after the command.
    fn promised(self) -> Vec<&'static str> {
        let header = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let header = header.map(|line| line.strip_prefix(' ').unwrap_or(line));
        let after_command = header.skip_while(|line| !line.starts_with('$')).skip(1);
        after_command.take_while(|line| *line != "```").collect()
    }
}

/// Waits for the end of a program.
fn end(child: Child) -> Output {
    let _limit = Limit::start();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A line with `#` for each number, and one space wherever there are some.
fn without_numbers(line: &str) -> String {
    let words = line
        .split_whitespace()
        .map(|word| if word.parse::<f64>().is_ok() { "#" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The words of a line that are such numbers, of which there have to be `N`. A time such
/// as `1.00 s` is no whole number, and a count is both.
fn numbers<T: FromStr, const N: usize>(line: &str) -> [T; N] {
    let numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    let numbers: Vec<T> = numbers.collect();
    numbers.try_into().unwrap_or_else(|_| panic!("{N} numbers: {line}"))
}

fn assert_promise_is_kept(promised: &[&str], lines: &[String]) {
    let promised = promised.iter().map(|line| without_numbers(line));
    assert!(promised.eq(lines.iter().map(|line| without_numbers(line))), "{lines:#?}");
}

/// What is true of each run is asserted in `keeps_promise`. What a machine that is busy
/// may prevent, by being late, is what it returns, and has to be true of one run in ten.
fn assert_one_run_in_ten(
    experiment: Experiment,
    keeps_promise: impl Fn(&[String]) -> bool,
) {
    let run = |_| {
        let lines = experiment.lines();
        assert!(lines.iter().all(|line| line.len() <= 80), "{lines:#?}");
        keeps_promise(&lines)
    };
    assert!((0..10).any(run), "{}", experiment.name);
}

#[test]
fn a_future_begins_when_it_is_awaited_and_a_task_without_that() {
    assert_one_run_in_ten(LAZY, |lines| {
        assert_promise_is_kept(&LAZY.promised(), lines);
        let [_, called, spawned, forgotten] = lines else { panic!("{lines:#?}") };
        // The titles have a number too: how many seconds pass before the `await`.
        let [pause, came, took]: [f64; 3] = numbers(called);
        assert!(came >= pause && took >= came + 0.3 - 0.01, "{called}");
        assert!(forgotten.contains(" never "), "{forgotten}");
        let [pause, came, took]: [f64; 3] = numbers(spawned);
        assert!(took >= pause, "{spawned}");
        came < pause / 10.0
    });
}

#[test]
fn what_is_pending_can_be_awaited_and_what_is_dropped_is_given_up() {
    assert_one_run_in_ten(WAIT, |lines| {
        assert_promise_is_kept(&WAIT.promised(), lines);
        let [.., awaited, dropped] = lines else { panic!("{lines:#?}") };
        let [done, pending, flags, answered, given_up]: [u32; 5] = numbers(awaited);
        assert_eq!([done + pending, flags, answered, given_up], [20, 20, 20, 0]);
        // Of the 20 delays of BOOK only 13 are shorter than half a second.
        assert!(done <= 13, "{awaited}");
        let [done, pending, flags, answered, given_up]: [u32; 5] = numbers(dropped);
        assert_eq!([done + pending, flags], [20, done]);
        // The site may have sent an answer that came too late, and may not have been
        // asked yet for what was dropped.
        assert!(answered >= done && answered + given_up <= 20, "{dropped}");
        assert!(given_up <= pending, "{dropped}");
        (done, pending, given_up) == (13, 7, 7)
    });
}

#[test]
fn the_first_answer_wins_and_the_other_request_is_given_up() {
    assert_one_run_in_ten(FIRST_WINS, |lines| {
        let [heading, rows @ .., connections] = lines else { panic!("{lines:#?}") };
        assert_eq!(heading, FIRST_WINS.promised()[0]);
        assert_eq!(lines.len(), FIRST_WINS.promised().len());
        let column_of_b = heading.find("site B").unwrap();
        let mut given_up = [0, 0];
        for (row, code) in rows.iter().zip(["CN", "IN", "US", "ID", "BR"]) {
            let (left, b) = row.split_at(column_of_b);
            let words: Vec<&str> = left.split_whitespace().collect();
            let [name, first, a, ..] = words[..] else { panic!("{row}") };
            assert_eq!(name, code);
            let (winner, index) = if first == "A" { (a, 1) } else { (b, 0) };
            assert!(winner.starts_with("answered"), "{row}");
            given_up[index] += u32::from([a, b][index].starts_with("given"));
        }
        // Each request that is given up takes its connection with it.
        let connections: [u32; 2] = numbers(connections);
        assert!(connections.iter().zip(given_up).all(|(made, lost)| *made >= lost));
        // The site that was not the first may have answered at nearly the same time.
        given_up.iter().sum::<u32>() == 5
    });
}

#[test]
fn at_the_first_error_the_flags_of_all_others_are_lost() {
    assert_one_run_in_ten(ALL_OR_NOTHING, |lines| {
        assert_promise_is_kept(&ALL_OR_NOTHING.promised(), lines);
        let [.., all, nothing] = lines else { panic!("{lines:#?}") };
        let [flags, errors, sent, failed, given_up]: [u32; 5] = numbers(all);
        assert_eq!([flags, errors, sent, failed, given_up], [15, 5, 15, 5, 0]);
        let [flags, errors, sent, failed, given_up]: [u32; 5] = numbers(nothing);
        assert_eq!([flags, errors], [0, 1]);
        assert!(failed >= 1 && sent + failed + given_up <= 20, "{nothing}");
        (sent, failed, given_up) == (3, 1, 16)
    });
}

#[test]
fn help_names_the_program_and_a_wrong_option_is_refused() {
    for experiment in ALL {
        let name = experiment.name;
        let output = end(experiment.start(&["--help"], Stdio::piped()));
        let help = text(&output.stdout);
        assert!(help.contains(&format!("Usage: {name}{EXE_SUFFIX}\n")), "{help}");
        assert_eq!(output.status.code(), Some(0), "{name}");
        for wrong in ["--fast", "br"] {
            let output = end(experiment.start(&[wrong], Stdio::piped()));
            let explanation = text(&output.stderr);
            assert!(explanation.contains(&format!("'{wrong}'")), "{explanation}");
            assert_eq!((text(&output.stdout), output.status.code()), ("", Some(2)));
        }
    }
}

#[test]
fn a_reader_that_leaves_ends_it_without_a_complaint() {
    for experiment in ALL {
        let mut child = experiment.start(&[], Stdio::piped());
        drop(child.stdout.take());
        let output = end(child);
        assert_eq!((text(&output.stderr), output.status.code()), ("", Some(0)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    for experiment in ALL {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = end(experiment.start(&[], full));
        let explanation = text(&output.stderr);
        assert!(explanation.starts_with("error: cannot write to standard output: "));
        assert_eq!(output.status.code(), Some(1), "{}", experiment.name);
    }
}

#[test]
fn ctrl_c_ends_it_at_once() {
    if ctrl_c::has_passed_on_its_own_console(ctrl_c_ends_it_at_once) {
        return;
    }
    for experiment in ALL {
        let mut child = experiment.start(&[], Stdio::piped());
        let _limit = Limit::start();
        // With the first line it listens for Ctrl-C, and has a second to go.
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        assert_ne!(stdout.read_line(&mut String::new()).unwrap(), 0);
        ctrl_c::press(&child);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", experiment.name);
        assert_eq!(text(&output.stderr), "");
    }
}
