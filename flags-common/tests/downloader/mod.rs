//! What all three downloaders promise, tested on the real program.
//!
//! Each of them includes this module in its own tests and says which program it is.

#[path = "../limit/mod.rs"]
mod limit;
mod pictures;
mod program;
mod site;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use self::program::{Program, Report};
use self::site::{Answer, Site};

/// Much more than the half second that Ctrl-C may take, for a machine that is busy, and
/// much less than the minute after which the run would end by itself.
const SOON: Duration = Duration::from_secs(30);

#[test]
fn it_downloads_the_20_flags_of_the_embedded_site() {
    let mut program = Program::new(&["-s", "LOCAL"]);
    let report = program.run();
    let [codes, result] = report.lines()[..] else { panic!("{}", report.stdout) };
    let mut codes: Vec<&str> = codes.split(' ').collect();
    codes.sort_unstable();
    let expected = "BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN";
    assert_eq!(codes.join(" "), expected);
    assert!(result.starts_with("20 flags downloaded in 0."), "{result}");
    assert_eq!(report.stderr, "");
    assert_eq!(report.status, Some(0));
    let files: Vec<String> = codes.iter().map(|code| format!("{code}.gif")).collect();
    assert_eq!(program.files(), files);
    let image = fs::read(program.destination().join("BR.gif")).unwrap();
    assert!(image.starts_with(b"GIF8"));
}

#[test]
fn a_verbose_run_reads_as_in_the_book() {
    let report = Program::new(&["-v", "-s", "local", "us", "AA", "Br"]).run();
    let lines = report.lines();
    assert!(lines[0].starts_with("LOCAL site: http://127.0.0.1:"), "{}", lines[0]);
    assert!(lines[0].ends_with("/flags"), "{}", lines[0]);
    assert_eq!(lines[1], "Searching for 3 flags: AA, BR, US");
    let connections = match crate::MAX_CONCURRENCY {
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
    assert!(lines[8].starts_with("Elapsed time: 0."), "{}", lines[8]);
    assert!(lines[9].starts_with("At most "), "{}", lines[9]);
    assert!(lines[10].contains("1 was the embedded site"), "{}", lines[10]);
    let url = lines[0].trim_start_matches("LOCAL site: ");
    assert_eq!(report.stderr, format!("AA not found: {url}/aa/aa.gif\n"));
    assert_eq!(report.status, Some(0), "a flag that does not exist is no failure");
}

#[test]
fn it_keeps_as_many_in_flight_as_it_is_told_and_uses_connections_again() {
    // The site answers in groups of that size, so fewer would wait for ever.
    let most = crate::MAX_CONCURRENCY.min(13);
    let site = Site::with_gate(&[], most);
    let most_text = most.to_string();
    let arguments = ["-s", &site.url, "-m", &most_text, "-v", "-e", "-l", "26"];
    let report = Program::new(&arguments).run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert_eq!(site.largest_in_flight(), most);
    assert!(site.connections() <= most, "{} connections", site.connections());
    let threads = match crate::THREADS {
        1 => "1 thread".to_owned(),
        threads => format!("{} threads", threads.min(most)),
    };
    let [.., waited, others] = report.lines()[..] else { panic!("{}", report.stdout) };
    assert_eq!(waited, format!("At most {most} in flight at once, on {threads}."));
    assert!(others.starts_with("Other threads: "), "{others}");
    assert!(others.ends_with("1 waited for Ctrl-C."), "{others}");
    assert!(!others.contains("embedded site"), "{others}");
}

#[test]
fn every_error_is_named_with_its_code_cause_and_address_and_stops_nothing() {
    let errors = [
        ("AA", Answer::Status(404), "not found"),
        ("AB", Answer::Status(418), "HTTP status 418"),
        ("AC", Answer::Status(500), "HTTP status 500"),
        ("AD", Answer::Html, "not a GIF image"),
        ("AE", Answer::Truncated, "truncated"),
        ("AF", Answer::Nothing, "truncated"),
        ("AG", Answer::Drip, "timed out"),
        ("AH", Answer::Never, "timed out"),
        ("AI", Answer::Redirects(6), "redirect loop"),
        ("AJ", Answer::Redirects(usize::MAX), "redirect loop"),
        ("AK", Answer::Gif((1 << 20) + 1), "larger than 1 MiB"),
        ("AL", Answer::ChunkedGif((1 << 20) + 1), "larger than 1 MiB"),
        ("AM", Answer::Gif(5), "not a GIF image"),
    ];
    let lower_case = |code: &'static str| -> &'static str { code.to_lowercase().leak() };
    let answers = errors.map(|(code, answer, _)| (lower_case(code), answer));
    let site = Site::new(&answers);
    let arguments = ["-s", &site.url, "--timeout", "1s", "a", "b"];
    let mut program = Program::new(&arguments);
    let report = program.run();
    for (code, _, cause) in errors {
        let line = report.error_of(code);
        let lower_case = code.to_lowercase();
        let url = format!("{}/{lower_case}/{lower_case}.gif", site.url);
        assert!(line.contains(cause), "{line}");
        assert!(line.ends_with(&url), "{line}");
    }
    let lines = report.lines();
    let (failed, done) = (errors.len() - 1, 52 - errors.len());
    assert!(lines[1].starts_with(&format!("{done} flags downloaded in ")), "{lines:?}");
    assert_eq!(lines[2..], ["1 not found".to_owned(), format!("{failed} errors")]);
    assert_eq!(program.files().len(), done);
    program.assert_files_are_whole();
    assert_eq!(report.status, Some(1));
}

#[test]
fn what_is_only_just_allowed_is_downloaded() {
    let answers = [
        ("aa", Answer::Redirects(5)),
        ("ab", Answer::Gif(1 << 20)),
        ("ac", Answer::ChunkedGif(1 << 20)),
        ("ad", Answer::Gif(6)),
    ];
    let site = Site::new(&answers);
    let mut program = Program::new(&["-s", &site.url, "aa", "ab", "ac", "ad"]);
    let report = program.run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    let bytes =
        |name: &str| fs::metadata(program.destination().join(name)).unwrap().len();
    let sizes = ["AA.gif", "AB.gif", "AC.gif", "AD.gif"].map(bytes);
    assert_eq!(sizes, [2500, 1 << 20, 1 << 20, 6]);
}

#[test]
fn a_server_that_is_not_there_is_named_once_for_each_flag_with_advice_once() {
    let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let url = format!("http://{address}/flags");
    let report = Program::new(&["-s", &url, "BR", "US"]).run();
    for code in ["BR", "US"] {
        assert!(
            report.error_of(code).contains("connection refused"),
            "{}",
            report.stderr
        );
    }
    assert_eq!(report.stderr.matches("cargo run -p flags-server").count(), 1);
    assert!(report.stdout.starts_with("0 flags downloaded in "), "{}", report.stdout);
    assert!(report.stdout.ends_with("\n2 errors\n"), "{}", report.stdout);
    assert_eq!(report.status, Some(1));
}

#[test]
fn a_host_name_without_an_address_is_told_from_a_server_that_is_down() {
    // A part of a name has at most 63 characters (RFC 1035), so no server need be asked.
    let url = format!("http://{}.invalid/flags", "x".repeat(64));
    let report = Program::new(&["-s", &url, "BR"]).run();
    let line = report.error_of("BR");
    assert!(line.contains("host name not resolved"), "{line}");
    assert_eq!(report.status, Some(1));
}

#[test]
fn proxies_in_the_environment_are_for_other_machines_only() {
    let (site, proxy) = (Site::new(&[]), Site::new(&[]));
    let proxy_address = proxy.url.trim_end_matches("/flags");
    let run = |url: &str| {
        let mut program = Program::new(&["-s", url, "BR", "US"]);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            program = program.env(name, proxy_address);
        }
        program.run()
    };
    let report = run(&site.url);
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    assert_eq!((site.user_agents().len(), proxy.user_agents().len()), (2, 0));
    let report = run("http://flags.example/flags");
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert_eq!(proxy.user_agents().len(), 2);
}

#[test]
fn it_tells_the_site_who_it_is() {
    let site = Site::new(&[]);
    for _ in 0..2 {
        Program::new(&["-s", &site.url, "BR", "US"]).run();
    }
    let program = format!("{}/{} (run ", crate::NAME, env!("CARGO_PKG_VERSION"));
    let agents = site.user_agents();
    for agent in &agents {
        let run = agent.strip_prefix(&program).and_then(|end| end.strip_suffix(")"));
        let is_hexadecimal = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        assert!(run.is_some_and(|run| run.len() == 6), "{agent}");
        assert!(run.is_some_and(|run| run.bytes().all(is_hexadecimal)), "{agent}");
    }
    assert_eq!((&agents[0], &agents[2]), (&agents[1], &agents[3]), "one for each run");
    assert_ne!(agents[0], agents[2], "and not the same one");
}

#[test]
fn a_flag_that_is_repeated_is_requested_and_saved_as_often() {
    let site = Site::new(&[]);
    let arguments = ["-s", &site.url, "--repeat", "3", "br", "us", "-l", "5"];
    let mut program = Program::new(&arguments);
    let report = program.run();
    assert!(report.lines()[1].starts_with("5 flags downloaded"), "{}", report.stdout);
    assert_eq!(site.user_agents().len(), 5);
    let files = ["BR-2.gif", "BR-3.gif", "BR.gif", "US-2.gif", "US.gif"];
    assert_eq!(program.files(), files);
}

#[test]
fn the_environment_names_the_server_and_the_command_line_wins() {
    let (first, second) = (Site::new(&[]), Site::new(&[]));
    let report = Program::new(&["BR"]).env("FLAGS_SERVER", &first.url).run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    let arguments = ["-s", &second.url, "BR", "US"];
    Program::new(&arguments).env("FLAGS_SERVER", &first.url).run();
    assert_eq!((first.user_agents().len(), second.user_agents().len()), (1, 2));
}

#[test]
fn flags_are_saved_where_they_are_told_to_be() {
    let mut program = Program::new(&["-s", "LOCAL", "--dest", "new/folder", "BR"]);
    let report = program.run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert!(program.folder.path().join("new/folder/BR.gif").is_file());
    assert!(!program.destination().exists());
}

#[test]
fn wrong_usage_is_explained_and_ends_with_status_2() {
    let too_many = (crate::MAX_CONCURRENCY + 1).to_string();
    let allowed = format!("1..={}", crate::MAX_CONCURRENCY);
    for (arguments, explanation) in [
        (&["--fast"][..], "--fast"),
        (&["BRA"], "one or two letters"),
        (&["-m", &too_many, "-s", "REMOTE"], &allowed),
        (&["-m", "0"], "1.."),
        (&["--repeat", "0"], "1.."),
        (&["--waterfall", "flags.png"], ".svg"),
        (&["-l", "0"], "1.."),
        (&["-s", "MOON"], "LOCAL, DELAY, ERROR, BOOK, REMOTE"),
        (&["--timeout", "never"], "--timeout"),
    ] {
        let mut program = Program::new(arguments);
        let report = program.run();
        assert_eq!(report.status, Some(2), "{arguments:?}");
        assert!(report.stderr.contains(explanation), "{}", report.stderr);
        assert_eq!(report.stdout, "");
        assert!(!program.destination().exists(), "{arguments:?} left something behind");
    }
}

#[test]
fn help_names_the_program_and_every_option() {
    let report = Program::new(&["--help"]).run();
    assert!(report.stdout.contains(&format!("Usage: {}", crate::NAME)));
    for option in [
        "--all",
        "--every",
        "--limit",
        "--max-req",
        "--server",
        "--verbose",
        "--dest",
        "--seed",
        "--timeout",
        "--repeat",
        "--waterfall",
        "--har",
    ] {
        assert!(report.stdout.contains(option), "{option}:\n{}", report.stdout);
    }
    assert_eq!(report.status, Some(0));
}

#[test]
fn a_destination_that_cannot_be_written_ends_the_run_with_one_line() {
    let site = Site::new(&[]);
    let mut program = Program::new(&["-s", &site.url]);
    fs::write(program.destination(), "a file, not a folder").unwrap();
    assert_one_line_about_the_destination(&program.run(), &site);
}

#[cfg(unix)]
#[test]
fn a_destination_without_room_ends_the_run_with_one_line() {
    let site = Site::new(&[]);
    // No file may grow beyond its name; the signal that comes with it is ignored.
    let limit = "trap '' XFSZ; ulimit -f 0";
    let mut program = Program::limited(limit, &["-s", &site.url]);
    assert_one_line_about_the_destination(&program.run(), &site);
    assert!(program.files().is_empty());
}

fn assert_one_line_about_the_destination(report: &Report, site: &Site) {
    assert_eq!(report.stderr.lines().count(), 1, "{}", report.stderr);
    assert!(report.stderr.contains("cannot write to the folder downloads"));
    assert!(report.stderr.contains("--dest"));
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(1)));
    assert!(site.user_agents().is_empty(), "nothing need be downloaded");
}

#[cfg(unix)]
#[test]
fn a_flag_that_cannot_be_saved_is_an_error_and_leaves_nothing() {
    // Files may have 32 blocks of 512 or 1,024 bytes, so one of the three is too large.
    let site = Site::new(&[("us", Answer::Gif(100_000))]);
    let limit = "trap '' XFSZ; ulimit -f 32";
    let mut program = Program::limited(limit, &["-s", &site.url, "BR", "US", "VN"]);
    let report = program.run();
    assert!(report.error_of("US").contains("cannot save "), "{}", report.stderr);
    assert!(report.error_of("US").contains("US.gif"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
    assert_eq!(program.files(), ["BR.gif", "VN.gif"]);
    program.assert_files_are_whole();
}

#[cfg(unix)]
#[test]
fn few_descriptors_mean_fewer_at_once_and_nothing_is_lost() {
    let most = crate::MAX_CONCURRENCY.to_string();
    let site = Site::new(&[]);
    for (descriptors, server) in
        [(64, "LOCAL"), (256, "LOCAL"), (64, &*site.url), (256, &*site.url)]
    {
        let limit = format!("ulimit -n {descriptors}");
        let arguments = ["-s", server, "-a", "-m", &most];
        let mut program = Program::limited(&limit, &arguments);
        let report = program.run();
        assert_eq!(report.status, Some(0), "{limit}: {}", report.stderr);
        assert_eq!(program.files().len(), 194);
        let notice = report.stderr.contains("limit of open files");
        assert_eq!(notice, crate::MAX_CONCURRENCY > 1, "{}", report.stderr);
    }
}

#[test]
fn a_reader_that_leaves_early_costs_no_flag() {
    let site = Site::new(&[]);
    let mut program = Program::new(&["-s", &site.url, "-a", "-v"]);
    let mut child = program.start();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let report = Report::from(child);
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    assert_eq!(program.files().len(), 194);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let mut program = Program::new(&["-s", "LOCAL", "BR"]);
    program.command.stdout(fs::File::create("/dev/full").unwrap());
    let report = program.run();
    assert!(report.stderr.contains("cannot write to standard output"));
    assert_eq!(report.status, Some(1));
    assert_eq!(program.files(), ["BR.gif"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_run_at_once_with_a_report_and_whole_files() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let at_once = crate::MAX_CONCURRENCY.min(8).to_string();
    for moment in [1, 2, 3, 5, 9, 17, 33, 65, 97, 129, 161, 190] {
        // One request near the end is never answered, so that the run cannot be over.
        let site = Site::new(&[("za", Answer::Never)]);
        let arguments = ["-s", &site.url, "-a", "-m", &at_once, "--har", "run.har"];
        let mut program = Program::new(&arguments);
        program.command.args(["--timeout", "60s"]);
        let child = program.start();
        site.wait_for_requests(moment);
        let pressed = Instant::now();
        let process = Pid::from_raw(child.id().try_into().unwrap());
        kill(process, Signal::SIGINT).unwrap();
        let report = Report::from(child);
        assert!(pressed.elapsed() < SOON, "{:?}", pressed.elapsed());
        assert_eq!(report.status, Some(130), "{}", report.stderr);
        assert!(report.stderr.contains("interrupted before "), "{}", report.stderr);
        program.assert_files_are_whole();
        let files = program.files().len();
        let plural = if files == 1 { "" } else { "s" };
        let result = format!("{files} flag{plural} downloaded in ");
        assert!(report.stdout.contains(&result), "{files} files, but {}", report.stdout);
        assert_eq!(program.archived(), files, "what was done is archived, too");
    }
}

#[cfg(unix)]
#[test]
fn after_ctrl_c_a_flag_that_failed_is_archived_as_such_though_nobody_has_told_why() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    if crate::MAX_CONCURRENCY == 1 {
        return; // Each result is taken at once.
    }
    // The first flag is never answered, so the result of the second cannot be taken. When
    // the third is shown, the second has failed, for only two are in flight at once.
    let site = Site::new(&[("aa", Answer::Never), ("ab", Answer::Status(418))]);
    let arguments = ["-s", &site.url, "--timeout", "60s", "-m", "2", "--har", "run.har"];
    let mut program = Program::new(&arguments);
    program.command.args(["aa", "ab", "ac"]);
    let mut child = program.start();
    let mut shown = [0; 2];
    child.stdout.as_mut().unwrap().read_exact(&mut shown).unwrap();
    assert_eq!(&shown, b"AC");
    let process = Pid::from_raw(child.id().try_into().unwrap());
    kill(process, Signal::SIGINT).unwrap();
    let report = Report::from(child);
    assert_eq!(report.status, Some(130), "{}", report.stderr);
    assert!(report.stdout.contains("\n1 error\n"), "{}", report.stdout);
    let archive = fs::read_to_string(program.folder.path().join("run.har")).unwrap();
    assert!(archive.contains("\"comment\": \"HTTP status 418"), "{archive}");
    assert_eq!(archive.matches("image/gif").count(), 1, "{archive}");
}
