//! The pictures of a run: a waterfall below the result or in a file, and an archive.

use std::fs;

use super::downloader::program::Program;
use super::downloader::site::{Answer, Site};
use super::{MAX_CONCURRENCY, NAME, THREADS};

#[test]
fn the_waterfall_has_a_row_for_each_flag_and_says_how_many_were_in_flight() {
    let most = MAX_CONCURRENCY.min(13);
    let site = Site::with_gate(&[("ab", Answer::Status(404))], most);
    let at_once = most.to_string();
    let report =
        Program::new(&["-s", &site.url, "-m", &at_once, "--waterfall", "a"]).run();
    let lines = report.lines();
    assert!(lines[1].starts_with("25 flags downloaded in "), "{}", report.stdout);
    assert_eq!(lines[2], "1 not found");
    let rows = &lines[4..4 + 26];
    let missing: Vec<_> = rows.iter().filter(|row| !row.contains('█')).collect();
    let [missing] = missing[..] else { panic!("{}", report.stdout) };
    assert!(missing.starts_with("AB ") && missing.ends_with("○ 404"), "{missing}");
    let threads = rows.iter().filter_map(|row| row.split_whitespace().nth(1));
    let threads = threads.map(|number| number.parse().unwrap()).max();
    assert_eq!(threads, Some(THREADS.number(26, most)));
    let who_works = report.lines()[4 + 26];
    let words = if THREADS.number(26, most) == 1 { "1 thread" } else { " threads" };
    // Windows counts the time of processors in steps that can be longer than this run.
    let knows_cpu_time = who_works.contains(" · CPU ") || cfg!(windows);
    assert!(who_works.contains(words) && knows_cpu_time, "{who_works}");
    let [.., in_flight, spent] = &lines[..] else { panic!("{lines:?}") };
    let words = format!(" in flight on average, {most} at most: ");
    assert!(in_flight.contains(&words), "{in_flight}");
    assert!(spent.contains(" % waiting for the site, "), "{spent}");
    assert!(lines.iter().all(|line| line.chars().count() < 80), "{}", report.stdout);
    assert!(!report.stdout.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn the_pictures_go_to_the_files_that_are_named() {
    let arguments = ["-s", "LOCAL", "--waterfall", "run.svg", "--har", "run.har"];
    let mut program = Program::new(&arguments);
    let report = program.run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    assert_eq!(report.lines().len(), 2, "{}", report.stdout);
    let svg = fs::read_to_string(program.folder.path().join("run.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(svg.contains(&format!("{NAME}: 20 flags in ")), "{svg}");
    assert_eq!(program.archived(), 20);
    let files = fs::read_dir(program.folder.path()).unwrap();
    assert_eq!(files.count(), 3, "the pictures, the folder of flags, and no more");
}

#[test]
fn an_archive_on_standard_output_has_it_for_itself() {
    let report = Program::new(&["-s", "LOCAL", "--har", "-", "br", "us"]).run();
    assert!(report.stdout.starts_with('{'), "{}", report.stdout);
    assert!(report.stdout.ends_with("}\n"), "{}", report.stdout);
    assert!(report.stderr.contains("2 flags downloaded in "), "{}", report.stderr);
    assert_eq!(report.status, Some(0));
}

#[cfg(unix)]
#[test]
fn what_is_printed_into_a_file_is_not_replaced_by_an_archive_that_goes_there_too() {
    let mut program = Program::new(&["-s", "LOCAL", "--har", "/dev/stdout", "br"]);
    let printed = program.folder.path().join("printed");
    program.command.stdout(fs::File::create(&printed).unwrap());
    let report = program.run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert!(fs::read_to_string(&printed).unwrap().starts_with('{'));
    assert!(fs::metadata("/dev/stdout").is_ok());
}

#[cfg(unix)]
#[test]
fn what_a_link_in_the_destination_leads_to_is_written_and_the_link_stays() {
    let mut program = Program::new(&["-s", "LOCAL", "br"]);
    let link = program.destination().join("BR.gif");
    let elsewhere = program.folder.path().join("elsewhere.gif");
    fs::create_dir(program.destination()).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    assert_eq!(program.run().status, Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read(&elsewhere).unwrap().starts_with(b"GIF89a"));
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_first_download() {
    for (option, file) in
        [("--waterfall", "missing/run.svg"), ("--har", "missing/run.har"), ("--har", ".")]
    {
        let site = Site::new(&[]);
        let report = Program::new(&["-s", &site.url, option, file]).run();
        assert_eq!(report.stderr.lines().count(), 1, "{}", report.stderr);
        let expected = format!("cannot write the file {file}: ");
        assert!(report.stderr.contains(&expected), "{}", report.stderr);
        assert_eq!((report.stdout.as_str(), report.status), ("", Some(1)));
        assert!(site.user_agents().is_empty(), "nothing need be downloaded");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_finds_no_room_in_the_end_is_an_error_and_costs_no_flag() {
    let site = Site::new(&[]);
    // Files may have 8 blocks of 512 or 1,024 bytes: a flag fits in, an archive does not.
    let limit = "trap '' XFSZ; ulimit -f 8";
    let arguments = ["-s", &site.url, "--har", "run.har", "a"];
    let mut program = Program::limited(limit, &arguments);
    fs::write(program.folder.path().join("run.har"), "the one before").unwrap();
    let report = program.run();
    assert!(
        report.stderr.contains("cannot write the file run.har: "),
        "{}",
        report.stderr
    );
    assert_eq!((program.files().len(), report.status), (26, Some(1)));
    let archive = fs::read_to_string(program.folder.path().join("run.har")).unwrap();
    assert_eq!(archive, "the one before");
}
