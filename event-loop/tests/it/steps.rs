//! The steps that a verbose run tells, and that `--steps` draws.

use std::fs;

use super::downloads::downloader::ctrl_c;
use super::downloads::downloader::program::{Program, Report};
use super::downloads::downloader::site::{Answer, Site};

/// The lines that tell the steps of one task, or of the loop itself, without their times.
fn steps_of<'a>(report: &'a Report, who: &str) -> Vec<&'a str> {
    let step = |line: &'a str| {
        let (time, step) = line.split_once(" ms  ")?;
        time.trim().parse::<f64>().ok()?;
        step.strip_prefix(&format!("{who:2} "))
    };
    report.stdout.lines().filter_map(step).collect()
}

#[test]
fn a_verbose_run_tells_the_six_steps_and_where_the_time_went() {
    // The embedded site answers the last one after half a second.
    let report = Program::new(&["-v", "BR", "CN", "US"]).run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    let of_the_loop = steps_of(&report, "");
    assert_eq!(of_the_loop[0], "❶ 3 futures become tasks, and stand in the queue");
    let is_wait = |step: &&str| {
        let sockets = step.strip_prefix("❹ the queue is empty: waiting for ");
        sockets.is_some_and(|text| text.contains("socket") && text.contains("at most "))
    };
    assert!(of_the_loop.iter().any(is_wait), "{of_the_loop:?}");
    for code in ["BR", "CN", "US"] {
        let steps = steps_of(&report, code);
        let socket = steps[1].trim_start_matches("❸ Pending until socket ");
        let socket = socket.trim_end_matches(" is writable");
        let begin = [
            "❷ is polled, and begins".to_owned(),
            format!("❸ Pending until socket {socket} is writable"),
            format!("❺ socket {socket} is writable"),
            "❻ goes on".to_owned(),
            format!("❸ Pending until socket {socket} is readable"),
        ];
        assert_eq!(steps[..5], begin);
        assert!(steps.contains(&&*format!("❺ socket {socket} is readable")), "{steps:?}");
        assert_eq!(steps.last(), Some(&"  Ready: the task has finished"));
    }
    // What is said to have been polled has been told as well.
    let last = report.lines().pop().unwrap();
    let polls = report.stdout.matches('❷').count() + report.stdout.matches('❻').count();
    assert!(last.starts_with("The loop waited for "), "{last}");
    assert!(
        last.contains(&format!("; its {polls} polls, and all else, took ")),
        "{last}"
    );
}

#[test]
fn with_one_at_once_the_others_wait_for_the_permit_and_not_for_a_socket() {
    let site = Site::new(&[]);
    let report = Program::new(&["-s", &site.url, "-v", "-m", "1", "BR", "CN"]).run();
    let steps = steps_of(&report, "CN");
    assert_eq!(
        steps[..3],
        [
            "❷ is polled, and begins",
            "❸ Pending until a task or a thread calls its waker",
            "❻ goes on: its waker has been called by a task or a thread",
        ]
    );
    let place = |text: &str| report.stdout.find(text).unwrap();
    assert!(place("BR   Ready") < place("CN ❻"), "{}", report.stdout);
}

#[test]
fn a_name_is_looked_up_before_the_loop_runs_and_no_task_waits_for_it() {
    // A part of a name has at most 63 characters (RFC 1035), so no server need be asked.
    let url = format!("http://{}.invalid/flags", "x".repeat(64));
    let report = Program::new(&["-s", &url, "-v", "BR"]).run();
    assert!(report.error_of("BR").contains("host name not resolved"));
    let steps = ["❷ is polled, and begins", "  Ready: the task has finished"];
    assert_eq!(steps_of(&report, "BR"), steps);
}

#[test]
fn the_picture_has_a_row_for_each_task_and_one_for_the_loop() {
    let site = Site::new(&[("cn", Answer::Status(500))]);
    let arguments = ["-s", &site.url, "--steps", "steps.svg", "BR", "CN", "US"];
    let mut program = Program::new(&arguments);
    let report = program.run();
    assert_eq!(report.status, Some(1), "CN has failed");
    assert!(!report.stdout.contains('❶'), "nobody has asked for it:\n{}", report.stdout);
    let picture = fs::read_to_string(program.folder.path().join("steps.svg")).unwrap();
    assert!(picture.ends_with("</svg>\n"));
    for row in ["BR: ", "CN: ", "US: ", "The loop waited for "] {
        assert_eq!(
            picture.matches(&format!("<title>{row}")).count(),
            1,
            "{row}\n{picture}"
        );
    }
}

#[test]
fn after_ctrl_c_what_was_seen_so_far_is_told_and_drawn() {
    let this = after_ctrl_c_what_was_seen_so_far_is_told_and_drawn;
    if ctrl_c::has_passed_on_its_own_console(this) {
        return;
    }
    let site = Site::new(&[("cn", Answer::Never)]);
    let arguments = ["-s", &site.url, "-v", "--steps", "steps.svg", "BR", "CN"];
    let mut program = Program::new(&arguments);
    let child = program.start();
    site.wait_for_requests(2);
    ctrl_c::press(&child);
    let report = Report::from(child);
    assert_eq!(report.status, Some(130), "{}", report.stderr);
    assert!(report.stdout.contains("\nThe loop waited for "), "{}", report.stdout);
    let picture = fs::read_to_string(program.folder.path().join("steps.svg")).unwrap();
    assert!(picture.contains("<title>CN: "), "{picture}");
}

#[test]
fn a_picture_that_cannot_be_written_is_told_before_the_first_download() {
    let site = Site::new(&[]);
    let arguments = ["-s", &site.url, "--steps", "nowhere/steps.svg", "BR"];
    let report = Program::new(&arguments).run();
    assert_eq!(report.status, Some(1));
    assert!(report.stderr.contains("nowhere/steps.svg"), "{}", report.stderr);
    assert!(site.user_agents().is_empty());
}

#[test]
fn only_an_svg_file_can_be_drawn_to() {
    let mut program = Program::new(&["--steps", "BR"]);
    let report = program.run();
    assert!(report.stderr.contains("a file that ends in .svg"), "{}", report.stderr);
    assert_eq!((report.status, program.files().len()), (Some(2), 0));
}
