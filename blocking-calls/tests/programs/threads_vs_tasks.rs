//! Threads against tasks: what the columns say of each.

use crate::testing::{Report, THREADS_VS_TASKS, command, run};

/// The columns of the row that begins with `name`, in bytes where they are memory.
#[cfg(target_os = "linux")]
fn columns(report: &Report, name: &str) -> [f64; 4] {
    let row = report.stdout.lines().find(|line| line.trim_start().starts_with(name));
    let row = row.unwrap_or_else(|| panic!("no {name} in {}", report.stdout));
    let column = |place: usize| {
        let column: String = row.chars().skip(27 + 9 * place).take(9).collect();
        let (number, unit) = column.trim().split_once(' ').unwrap();
        let exponent = ["B", "KB", "MB", "GB"].iter().position(|name| *name == unit);
        let exponent = i32::try_from(exponent.unwrap()).unwrap();
        number.parse::<f64>().unwrap() * 1024_f64.powi(exponent)
    };
    [0, 1, 2, 3].map(column)
}

fn names(report: &Report) -> Vec<String> {
    let name = |line: &str| line.chars().take(27).collect::<String>().trim().to_owned();
    report.stdout.lines().skip(1).map(name).take_while(|name| !name.is_empty()).collect()
}

#[test]
fn all_crowds_are_measured_and_a_task_needs_less_than_a_thread() {
    for (number, expected) in [
        (
            "1000",
            "1,000 threads, 2 MB stacks; 1,000 threads, 8 MB stacks; 1,000 tasks; \
             10,000 tasks; 100,000 tasks",
        ),
        (
            "1",
            "1 thread, 2 MB stacks; 1 thread, 8 MB stacks; 1 task; \
             10,000 tasks; 100,000 tasks",
        ),
    ] {
        let report = run(command(THREADS_VS_TASKS, &[number]));
        assert_eq!(names(&report).join("; "), expected);
        assert_eq!((report.stderr.as_str(), report.status()), ("", Some(0)));
        let is_wide = |line: &str| line.chars().count() > 80;
        assert!(!report.stdout.lines().any(is_wide), "{}", report.stdout);
        #[cfg(target_os = "linux")]
        if number == "1000" {
            assert_a_thread_reserves_its_stack_and_uses_little_of_it(&report);
        }
    }
}

#[cfg(target_os = "linux")]
fn assert_a_thread_reserves_its_stack_and_uses_little_of_it(report: &Report) {
    let megabyte = 1024.0 * 1024.0;
    let [_, task, _, reserved_by_task] = columns(report, "100,000 tasks");
    assert!(task < 4096.0 && reserved_by_task < 4096.0, "{}", report.stdout);
    for stack in [2.0, 8.0] {
        let name = format!("1,000 threads, {stack} MB stacks");
        let [all, each, all_reserved, reserved] = columns(report, &name);
        // A page at least, and far from a megabyte.
        assert!((4096.0..megabyte / 10.0).contains(&each), "{}", report.stdout);
        assert!(each > 3.0 * task, "{}", report.stdout);
        let stacks = stack * megabyte..2.0 * stack * megabyte;
        assert!(stacks.contains(&reserved), "{}", report.stdout);
        assert!((all / each - 1000.0).abs() < 20.0, "{}", report.stdout);
        assert!((all_reserved / reserved - 1000.0).abs() < 20.0, "{}", report.stdout);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_of_threads_is_named_and_costs_only_what_it_hits() {
    use crate::testing::command_with_addresses;

    let report = run(command_with_addresses(1_000_000, THREADS_VS_TASKS, &["1000"]));
    for stack in [2, 8] {
        let row = format!("1,000 threads, {stack} MB stacks   cannot be measured here");
        assert!(report.stdout.contains(&row), "{}", report.stdout);
        let error = format!("error: 1,000 threads, {stack} MB stacks: ");
        assert!(report.stderr.contains(&error), "{}", report.stderr);
    }
    assert_eq!(report.stderr.lines().count(), 2, "{}", report.stderr);
    assert_eq!(report.status(), Some(1));
    let [_, task, _, _] = columns(&report, "100,000 tasks");
    assert!(task < 4096.0, "{}", report.stdout);
}
