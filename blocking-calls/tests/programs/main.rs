//! What the four programs promise, tested on the real ones.

mod blocked_loop;
mod cpu_bound;
mod ladder;
mod testing;
mod threads_vs_tasks;

use crate::testing::{
    BLOCKED_LOOP, CPU_BOUND, LADDER, Running, THREADS_VS_TASKS, command, run,
};

/// Each program with arguments that make it fast.
const FAST: [(&str, &[&str]); 4] = [
    (LADDER, &[]),
    (THREADS_VS_TASKS, &["10"]),
    (BLOCKED_LOOP, &["--cost", "4"]),
    (CPU_BOUND, &["--cost", "4"]),
];

#[test]
fn help_says_what_a_program_shows_and_which_options_it_has() {
    for (program, about, option) in [
        (LADDER, "Measures how long a program waits", "--folder"),
        (THREADS_VS_TASKS, "Lets many threads wait at once", "[NUMBER]"),
        (BLOCKED_LOOP, "Shows what a call that blocks does", "--cost"),
        (CPU_BOUND, "Computes in a pool of threads and on an event loop", "--cost"),
    ] {
        let report = run(command(program, &["--help"]));
        assert!(report.stdout.starts_with(about), "{}", report.stdout);
        assert!(report.stdout.contains(option), "{}", report.stdout);
        assert_eq!((report.stderr.as_str(), report.status()), ("", Some(0)), "{program}");
    }
}

#[test]
fn a_wrong_command_line_is_named_with_what_is_allowed() {
    for (program, words, wrong, allowed) in [
        (LADDER, "--url ftp://site/", "'ftp://site/'", "https://"),
        (LADDER, "--url site", "'site'", "https://"),
        (LADDER, "--url http://", "'http://'", "https://"),
        (LADDER, "--url http://site/?<", "'http://site/?<'", "https://"),
        (LADDER, "5", "'5'", "Usage: blocking-calls"),
        (THREADS_VS_TASKS, "0", "0", "from 1 to 10000, like 1000"),
        (THREADS_VS_TASKS, "10001", "10001", "from 1 to 10000, like 1000"),
        (THREADS_VS_TASKS, "many", "'many'", "takes a whole number from "),
        (BLOCKED_LOOP, "--cost 3", "3", "--cost takes a whole number from 4 to 16"),
        (BLOCKED_LOOP, "--cost 17", "17", "--cost takes a whole number from 4 to 16"),
        (CPU_BOUND, "--cost 3", "3", "--cost takes a whole number from 4 to 16"),
        (CPU_BOUND, "--cost 17", "17", "--cost takes a whole number from 4 to 16"),
        (CPU_BOUND, "1", "1", "NUMBER takes a whole number from 2 to 1000, like 8"),
        (CPU_BOUND, "1001", "1001", "NUMBER takes a whole number from 2 to 1000, like 8"),
        (CPU_BOUND, "many", "'many'", "takes a whole number from "),
        (BLOCKED_LOOP, "--folder", "--folder", "a value is required"),
    ] {
        let report = run(command(program, &words.split(' ').collect::<Vec<_>>()));
        assert_eq!(report.status(), Some(2), "{words}: {}", report.stderr);
        assert_eq!(report.stdout, "", "{words}");
        assert!(report.stderr.contains(wrong), "{words}: {}", report.stderr);
        assert!(report.stderr.contains(allowed), "{words}: {}", report.stderr);
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    for (program, arguments) in FAST {
        let mut running = Running::start(&mut command(program, arguments));
        running.read_until("");
        running.stop_reading();
        let report = running.end();
        assert_eq!((report.stderr.as_str(), report.status()), ("", Some(0)), "{program}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    for (program, arguments) in FAST {
        let mut command = command(program, arguments);
        command.stdout(std::fs::File::create("/dev/full").unwrap());
        let report = run(command);
        let error = "error: cannot write to standard output: ";
        assert!(report.stderr.starts_with(error), "{program}: {}", report.stderr);
        assert_eq!(report.status(), Some(1), "{program}");
    }
}
