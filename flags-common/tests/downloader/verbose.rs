//! What a verbose run prints, in a program that has nothing of its own to add.

use super::MAX_CONCURRENCY;
use super::downloader::program::Program;

#[test]
fn a_verbose_run_reads_as_in_the_book() {
    let report = Program::new(&["-v", "-s", "local", "us", "AA", "Br"]).run();
    let lines = report.lines();
    assert!(lines[0].starts_with("LOCAL site: http://127.0.0.1:"), "{}", lines[0]);
    assert!(lines[0].ends_with("/flags"), "{}", lines[0]);
    assert_eq!(lines[1], "Searching for 3 flags: AA, BR, US");
    let connections = match MAX_CONCURRENCY {
        1 => "1 concurrent connection will be used.",
        _ => "3 concurrent connections will be used.",
    };
    assert_eq!(lines[2], connections);
    let mut flags = lines[3..5].to_vec();
    flags.sort_unstable();
    assert_eq!(flags, ["BR OK", "US OK"]);
    assert_eq!(
        lines[5..8],
        ["--------------------", "  2 flags downloaded.", "  1 not found."]
    );
    assert!(lines[8].starts_with("Elapsed time: "), "{}", lines[8]);
    assert!(lines[9].starts_with("At most "), "{}", lines[9]);
    assert!(lines[10].contains("1 was the embedded site"), "{}", lines[10]);
    let url = lines[0].trim_start_matches("LOCAL site: ");
    assert_eq!(report.stderr, format!("AA not found: {url}/aa/aa.gif\n"));
    assert_eq!(report.status, Some(0), "a flag that does not exist is no failure");
}
