//! The blocked loop: a call on it stops the heart, and a call off it does not.

use crate::testing::{BLOCKED_LOOP, command, run, run_in_each, unusable_folders};

/// Two rows of the same call, of which the first was made on the loop.
struct Call {
    title: String,
    /// The largest gaps in milliseconds.
    gaps: [f64; 2],
    marks: [String; 2],
}

fn calls(stdout: &str) -> Vec<Call> {
    let lines: Vec<&str> = stdout.lines().skip(1).collect();
    let call = |lines: &[&str]| {
        let ["", title, on, off] = lines else { panic!("{stdout}") };
        assert!(on.starts_with("on the loop (wrong) "), "{on}");
        assert!(off.starts_with("in spawn_blocking "), "{off}");
        Call {
            title: (*title).to_owned(),
            gaps: [on, off].map(|row| gap(row)),
            marks: [on, off].map(|row| row.rsplit(' ').next().unwrap().to_owned()),
        }
    };
    lines.chunks(4).map(call).collect()
}

fn gap(row: &str) -> f64 {
    let words: Vec<&str> = row.split_whitespace().rev().take(3).collect();
    let scale = if words[1] == "s" { 1000.0 } else { 1.0 };
    words[2].parse::<f64>().unwrap() * scale
}

fn longest_silence(marks: &str) -> usize {
    marks.split('|').map(str::len).max().unwrap()
}

#[test]
fn a_call_on_the_loop_stops_the_heart_ten_times_as_long_as_one_off_it() {
    // On a busy machine the heart can wait for a processor, however free the loop is. A
    // call that blocks the loop would do so every time.
    let mut attempts = Vec::new();
    let mut holds = [false, false];
    while holds != [true, true] {
        let report = run(command(BLOCKED_LOOP, &["--cost", "13"]));
        assert_eq!((report.stderr.as_str(), report.status()), ("", Some(0)));
        let calls = calls(&report.stdout);
        assert!(calls[0].title.starts_with("bcrypt with cost 13: "), "{}", report.stdout);
        assert!(calls[1].title.starts_with("saving a file of "), "{}", report.stdout);
        assert_eq!(calls.len(), 2, "{}", report.stdout);
        for (call, holds) in calls.iter().zip(&mut holds) {
            let [on, off] = call.gaps;
            let silence = call.marks.each_ref().map(|marks| longest_silence(marks));
            *holds |= on >= 10.0 * off && silence[0] >= 5 && silence[1] < 5;
        }
        let is_wide = |line: &str| line.chars().count() > 80;
        assert!(!report.stdout.lines().any(is_wide), "{}", report.stdout);
        attempts.push(report.stdout);
        assert!(holds == [true, true] || attempts.len() < 10, "{}", attempts.join("\n"));
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let command =
        |folder: &str| command(BLOCKED_LOOP, &["--cost", "4", "--folder", folder]);
    for (folder, report) in run_in_each(&unusable_folders(), command) {
        let error = format!("error: cannot save in {folder}: ");
        assert!(report.stderr.starts_with(&error), "{}", report.stderr);
        assert!(report.stderr.ends_with("--folder names another\n"), "{}", report.stderr);
        assert_eq!(report.stderr.lines().count(), 1, "{}", report.stderr);
        assert_eq!(calls(&report.stdout).len(), 1, "bcrypt needs no folder");
        assert_eq!(report.status(), Some(1));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_is_ended_leaves_no_file() {
    // What comes next is the file.
    let command = command(BLOCKED_LOOP, &[]);
    crate::testing::assert_the_end_leaves_nothing("in spawn_blocking", command);
}
