//! Computing: what threads gain, and an event loop does not.

use std::thread;

use crate::testing::{CPU_BOUND, Report, command, run};

/// What a row says.
#[derive(Debug)]
struct Row {
    name: String,
    threads: u32,
    milliseconds: f64,
    speed_up: f64,
    /// How many characters it has.
    bar: u32,
}

fn rows(report: &Report) -> Vec<Row> {
    let is_row = |line: &&str| line.starts_with("in ") || line.starts_with("on ");
    let lines = report.stdout.lines().filter(is_row);
    let row = |line: &str| {
        let words: Vec<&str> = line[17..].split_whitespace().collect();
        let [threads, time, unit, speed_up, ref bar @ ..] = words[..] else {
            panic!("{line}")
        };
        let scale = match unit {
            "µs" => 0.001,
            "ms" => 1.0,
            "s" => 1000.0,
            _ => panic!("{line}"),
        };
        Row {
            name: line[..17].trim().to_owned(),
            threads: threads.parse().unwrap(),
            milliseconds: time.parse::<f64>().unwrap() * scale,
            speed_up: speed_up.parse().unwrap(),
            bar: bar.concat().chars().count().try_into().unwrap(),
        }
    };
    lines.map(row).collect()
}

fn cores() -> u32 {
    thread::available_parallelism().unwrap().get().try_into().unwrap()
}

#[test]
fn each_way_has_a_row_with_what_was_measured() {
    let most = cores().min(8);
    let report = run(command(CPU_BOUND, &["--cost", "7"]));
    assert_eq!((report.stderr.as_str(), report.status()), ("", Some(0)));
    let first = format!(
        "8 times bcrypt with cost 7. Cores, as the system counts them: {}",
        cores()
    );
    assert_eq!(report.stdout.lines().next(), Some(first.as_str()));
    let is_wide = |line: &str| line.chars().count() > 80;
    assert!(!report.stdout.lines().any(is_wide), "{}", report.stdout);

    let rows = rows(&report);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let pool = format!("in a pool of {most}");
    let first =
        ["in sequence", &pool, "on the loop", "in spawn_blocking", "in a pool of 1"];
    assert_eq!(names[..5], first[..names.len().min(5)], "{}", report.stdout);
    assert_eq!(*names.last().unwrap(), pool, "{}", report.stdout);
    for row in &rows {
        let threads = match row.name.as_str() {
            "in sequence" | "on the loop" | "in a pool of 1" => 1..=1,
            "in spawn_blocking" => 1..=8,
            _ => 1..=most,
        };
        assert!(threads.contains(&row.threads), "{row:?}");
        // All of these have been rounded.
        let speed_up = rows[0].milliseconds / row.milliseconds;
        let difference = (row.speed_up - speed_up).abs();
        assert!(difference < 0.01 + 0.02 * speed_up, "{row:?}: {speed_up}");
        let bar = (row.speed_up * 30.0 / f64::from(most)).min(33.0);
        assert!((f64::from(row.bar) - bar).abs() < 1.5, "{row:?}: {bar}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_one_core_there_is_nothing_to_gain() {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    // What this thread may use is what a program may that it starts.
    let this_thread = Pid::from_raw(0);
    let allowed = sched_getaffinity(this_thread).unwrap();
    let is_allowed = |cpu: &usize| allowed.is_set(*cpu).unwrap();
    let mut one = CpuSet::new();
    one.set((0..CpuSet::count()).find(is_allowed).unwrap()).unwrap();
    sched_setaffinity(this_thread, &one).unwrap();
    let report = run(command(CPU_BOUND, &["--cost", "4"]));
    assert!(report.stdout.contains("Cores, as the system counts them: 1\n"));
    assert!(report.stdout.contains("\nOne core keeps no more"));
    assert!(!report.stdout.contains("parallel"), "{}", report.stdout);
    assert!(rows(&report).iter().all(|row| row.name != "in a pool of 2"));
}

#[cfg(target_os = "linux")]
#[test]
fn without_threads_there_is_what_needs_none() {
    let mut command = command(CPU_BOUND, &["--cost", "4"]);
    // No machine has so much memory for the stack of a thread, in bytes.
    command.env("RUST_MIN_STACK", (1_u64 << 56).to_string());
    let report = run(command);
    let pool = format!("in a pool of {}", cores().min(8));
    for name in [&pool, "in spawn_blocking"] {
        let row = format!("\n{name:17}  cannot be measured here\n");
        assert!(report.stdout.contains(&row), "{}", report.stdout);
    }
    for name in ["in sequence", "on the loop"] {
        let row = format!("\n{name:17}        1");
        assert!(report.stdout.contains(&row), "{}", report.stdout);
    }
    let error = format!("error: {pool}: thread 1 cannot be started: ");
    assert!(report.stderr.starts_with(&error), "{}", report.stderr);
    let error = "\nerror: in spawn_blocking: the system starts no more threads: ";
    assert!(report.stderr.contains(error), "{}", report.stderr);
    assert!(report.stdout.ends_with("as in sequence\n"), "{}", report.stdout);
    assert_eq!(report.status(), Some(1));
}
