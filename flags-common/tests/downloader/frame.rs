//! What `flags_common::main` does around a downloader: it is the same code in all
//! programs, so that it is enough to test it on the lessons.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, SystemTime};

use super::downloader::ctrl_c;
use super::downloader::program::{Program, Report};
use super::downloader::site::{Answer, SMALLEST, Site};
use super::{MAX_CONCURRENCY, NAME, THREADS};

#[test]
fn what_is_only_just_allowed_is_downloaded() {
    let answers = [
        ("ab", Answer::Gif(1 << 20)),
        ("ac", Answer::ChunkedGif(1 << 20)),
        ("ad", Answer::Gif(SMALLEST)),
    ];
    let site = Site::new(&answers);
    let mut program = Program::new(&["-s", &site.url, "ab", "ac", "ad"]);
    let report = program.run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    let bytes =
        |name: &str| fs::metadata(program.destination().join(name)).unwrap().len();
    let sizes = ["AB.gif", "AC.gif", "AD.gif"].map(bytes);
    assert_eq!(sizes, [1 << 20, 1 << 20, SMALLEST as u64]);
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
fn it_tells_the_site_who_it_is() {
    let site = Site::new(&[]);
    for _ in 0..2 {
        Program::new(&["-s", &site.url, "BR", "US"]).run();
    }
    let program = format!("{NAME}/{} (run ", env!("CARGO_PKG_VERSION"));
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
fn a_run_has_a_name_on_the_page_of_the_site() {
    let site = Site::new(&[]);
    let arguments = ["-s", &site.url, "BR", "US"];
    let names = || site.headers("flags-name");
    assert_eq!(Program::new(&arguments).run().status, Some(0));
    assert_eq!(names(), [None, None]);
    assert_eq!(Program::new(&arguments).env("FLAGS_NAME", "민아").run().status, Some(0));
    assert_eq!(names()[2..], [Some("민아".to_owned()), Some("민아".to_owned())]);
    let arguments = ["-s", &site.url, "-v", "--name", "Mina", "BR"];
    let report = Program::new(&arguments).env("FLAGS_NAME", "민아").run();
    assert_eq!(names()[4..], [Some("Mina".to_owned())]);
    let agent = site.user_agents().pop().unwrap();
    let (_, run) = agent.trim_end_matches(')').split_once(" (run ").unwrap();
    let note = format!("note: on the page of a flags-server this is run {run} (Mina)\n");
    assert_eq!(report.stderr, note);
}

#[test]
fn at_its_end_a_run_tells_the_site_how_its_threads_have_worked() {
    let site = Site::new(&[("us", Answer::Status(404))]);
    let report = Program::new(&["-s", &site.url, "BR", "US"]).run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    let reports = site.reports();
    let [told] = &reports[..] else { panic!("{reports:?}") };
    // Windows counts the time of processors in steps that can be longer than this run.
    let knows_cpu_time = told.contains("\"cpu\":") || cfg!(windows);
    assert!(told.contains("\"elapsed\":") && knows_cpu_time, "{told}");
    let most = MAX_CONCURRENCY.min(2);
    let downloads = told.matches("\"role\":\"downloads\"").count();
    assert!((1..=THREADS.number(2, most)).contains(&downloads), "{told}");
    assert_eq!(site.user_agents().len(), 2, "it is no request for a flag");
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
fn a_wrong_environment_is_not_blamed_on_an_option() {
    let report = Program::new(&["BR"]).env("FLAGS_SERVER", "MOON").run();
    let begin = "error: the environment variable FLAGS_SERVER takes LOCAL, ";
    assert!(report.stderr.starts_with(begin), "{}", report.stderr);
    assert!(report.stderr.contains("not 'MOON'"), "{}", report.stderr);
    assert_eq!((report.stdout.as_str(), report.status), ("", Some(2)));
}

#[test]
fn a_site_without_a_single_flag_is_told_with_a_guess_and_status_1() {
    let (missing, not_found) = (["br", "us"], Answer::Status(404));
    let site = Site::new(&missing.map(|code| (code, not_found)));
    let root = site.url.trim_end_matches("flags");
    for (url, guess) in [(root, true), (&*site.url, false)] {
        let report = Program::new(&["-s", url, "BR", "US"]).run();
        assert_eq!(report.status, Some(1), "{}", report.stdout);
        let hint = "hint: does --server name the folder that holds br/br.gif";
        assert!(report.stderr.contains(hint), "{}", report.stderr);
        let guessed = report.stderr.contains(&format!(", as {}/flags may?", site.host()));
        assert_eq!(guessed, guess, "{}", report.stderr);
    }
}

#[test]
fn one_mishap_of_many_flags_is_told_in_a_few_lines_and_with_v_in_all() {
    // Of every letter the first flag is not found.
    let codes: Vec<&'static str> =
        (b'a'..=b'z').map(|letter| &*format!("{}a", char::from(letter)).leak()).collect();
    let answers: Vec<_> = codes.iter().map(|&code| (code, Answer::Status(404))).collect();
    let site = Site::new(&answers);
    let report = Program::new(&["-s", &site.url, "-e"]).run();
    let lines: Vec<_> = report.stderr.lines().collect();
    assert_eq!(lines.len(), 6, "{}", report.stderr);
    let others = "not found, 21 more: ";
    assert!(lines[5].starts_with(others), "{}", report.stderr);
    assert!(lines[5].ends_with(" and 13 others; -v lists all"), "{}", report.stderr);
    assert_eq!(report.lines()[2..], ["26 not found"], "counted as before");
    assert_eq!(report.status, Some(0));
    let report = Program::new(&["-s", &site.url, "-e", "-v"]).run();
    let lines = report.stderr.lines().filter(|line| line.contains(" not found: "));
    assert_eq!(lines.count(), 26, "{}", report.stderr);
}

#[test]
fn a_password_goes_to_the_site_and_is_written_nowhere() {
    let site = Site::new(&[("br", Answer::Status(418)), ("us", Answer::Nothing)]);
    let url = site.url.replace("http://", "http://me:secret@");
    let arguments = ["-s", &url, "-v", "--har", "run.har", "--waterfall", "run.svg"];
    let mut program = Program::new(&arguments);
    program.command.args(["br", "us", "vn"]);
    let report = program.run();
    assert!(report.stderr.contains("HTTP status 418"), "{}", report.stderr);
    let file = |name| fs::read_to_string(program.folder.path().join(name)).unwrap();
    for text in [&report.stdout, &report.stderr, &file("run.har"), &file("run.svg")] {
        assert!(!text.contains("secret"), "{text}");
    }
    let wrong = url.replace("/flags", ":x/flags");
    let report = Program::new(&["-s", &wrong]).run();
    assert!(report.stderr.contains("takes") && !report.stderr.contains("secret"));
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
    // No file may grow beyond its name, whether the signal that tells so is ignored or
    // not.
    for limit in ["trap '' XFSZ; ulimit -f 0", "ulimit -f 0"] {
        let mut program = Program::limited(limit, &["-s", &site.url]);
        assert_one_line_about_the_destination(&program.run(), &site);
        assert!(program.files().is_empty());
    }
}

#[test]
fn what_a_killed_run_has_left_is_removed_and_what_another_writes_is_not() {
    let mut program = Program::new(&["-s", "LOCAL", "BR"]);
    fs::create_dir(program.destination()).unwrap();
    let hour = Duration::from_secs(3600);
    for (name, age) in [(".flag-killed", hour), (".flag-living", Duration::ZERO)] {
        let file = fs::File::create(program.destination().join(name)).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    }
    assert_eq!(program.run().status, Some(0));
    assert_eq!(program.files(), [".flag-living", "BR.gif"]);
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
    for limit in ["trap '' XFSZ; ulimit -f 32", "ulimit -f 32"] {
        let mut program = Program::limited(limit, &["-s", &site.url, "BR", "US", "VN"]);
        let report = program.run();
        assert!(report.error_of("US").contains("cannot save "), "{}", report.stderr);
        assert!(report.error_of("US").contains("US.gif"), "{}", report.stderr);
        assert_eq!(report.status, Some(1));
        assert_eq!(program.files(), ["BR.gif", "VN.gif"]);
        program.assert_files_are_whole();
    }
}

#[cfg(windows)]
#[test]
fn a_flag_that_another_program_has_open_is_an_error_and_stays_as_it_was() {
    use std::os::windows::fs::OpenOptionsExt;

    const FILE_SHARE_READ: u32 = 1;
    let site = Site::new(&[]);
    let mut program = Program::new(&["-s", &site.url, "BR", "US", "VN"]);
    let flag = program.destination().join("US.gif");
    fs::create_dir(program.destination()).unwrap();
    fs::write(&flag, "the one before").unwrap();
    let viewer = fs::File::options().read(true).share_mode(FILE_SHARE_READ).open(&flag);
    let report = program.run();
    drop(viewer.unwrap());
    assert!(report.error_of("US").contains("cannot save "), "{}", report.stderr);
    assert!(report.error_of("US").contains("US.gif"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
    assert_eq!(program.files(), ["BR.gif", "US.gif", "VN.gif"]);
    assert_eq!(fs::read_to_string(&flag).unwrap(), "the one before");
    // Once it is closed, it is replaced as on any system.
    assert_eq!(program.run().status, Some(0));
    program.assert_files_are_whole();
}

#[cfg(unix)]
#[test]
fn what_ends_a_run_is_told_and_is_its_status() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let hang_up = Signal::SIGHUP;
    let mut cases = vec![
        ("true", vec![Signal::SIGTERM], 143, "interrupted before "),
        ("true", vec![hang_up], 129, "interrupted before "),
        ("true", vec![Signal::SIGXCPU], 152, "out of CPU time, by `ulimit -t`, before "),
    ];
    if cfg!(target_os = "linux") {
        // As by `nohup`. Without it the hang-up would come first.
        let both = vec![hang_up, Signal::SIGTERM];
        cases.push(("trap '' HUP", both, 143, "interrupted before "));
    }
    for (before, signals, status, words) in cases {
        let site = Site::new(&[("br", Answer::Never)]);
        let arguments = ["-s", &site.url, "--timeout", "60s", "BR"];
        let mut program = Program::limited(before, &arguments);
        let child = program.start();
        site.wait_for_requests(1);
        let process = Pid::from_raw(child.id().try_into().unwrap());
        for signal in signals {
            kill(process, signal).unwrap();
        }
        let report = Report::from(child);
        assert_eq!(report.status, Some(status), "{}", report.stderr);
        assert!(report.stderr.contains(words), "{}", report.stderr);
    }
}

#[cfg(unix)]
#[test]
fn few_descriptors_mean_fewer_at_once_and_nothing_is_lost() {
    let most = MAX_CONCURRENCY.to_string();
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
        assert_eq!(notice, MAX_CONCURRENCY > 1, "{}", report.stderr);
    }
}

#[test]
fn after_ctrl_c_a_flag_that_failed_is_archived_as_such_though_nobody_has_told_why() {
    if MAX_CONCURRENCY == 1 {
        return; // Each result is taken at once.
    }
    let this =
        after_ctrl_c_a_flag_that_failed_is_archived_as_such_though_nobody_has_told_why;
    if ctrl_c::has_passed_on_its_own_console(this) {
        return;
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
    ctrl_c::press(&child);
    let report = Report::from(child);
    assert_eq!(report.status, Some(130), "{}", report.stderr);
    assert!(report.stdout.contains("\n1 error\n"), "{}", report.stdout);
    let archive = fs::read_to_string(program.folder.path().join("run.har")).unwrap();
    assert!(archive.contains("\"comment\": \"HTTP status 418"), "{archive}");
    assert_eq!(archive.matches("image/gif").count(), 1, "{archive}");
}
