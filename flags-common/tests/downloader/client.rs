//! What an HTTP client does for a downloader without a word in its listing, tested on
//! those programs whose client does.

use std::net::TcpListener;

use super::MAX_CONCURRENCY;
use super::downloader::program::Program;
use super::downloader::raw_site::{RawSite, answer};
use super::downloader::site::{Answer, Site};

#[test]
fn connections_are_used_again() {
    // The site answers in groups, so that all who are in one have a connection each.
    let most = MAX_CONCURRENCY.min(13);
    let site = Site::with_gate(&[], most);
    let report = Program::new(&["-s", &site.url, "-m", &most.to_string(), "a"]).run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    assert_eq!(site.user_agents().len(), 26);
    assert!(site.connections() <= most, "{} connections", site.connections());
}

#[test]
fn redirects_are_followed_as_far_as_is_allowed_and_the_rest_is_an_error() {
    let answers = [
        ("aa", Answer::Redirects(5)),
        ("ab", Answer::Redirects(6)),
        ("ac", Answer::Redirects(usize::MAX)),
    ];
    let site = Site::new(&answers);
    let mut program = Program::new(&["-s", &site.url, "aa", "ab", "ac", "ad"]);
    let report = program.run();
    for code in ["AB", "AC"] {
        let line = report.error_of(code);
        let lower_case = code.to_lowercase();
        let url = format!("{}/{lower_case}/{lower_case}.gif", site.url);
        assert!(line.contains("redirect loop"), "{line}");
        assert!(line.ends_with(&url), "{line}");
    }
    let lines = report.lines();
    assert!(lines[1].starts_with("2 flags downloaded in "), "{lines:?}");
    assert_eq!(lines[2..], ["2 errors"]);
    assert_eq!(program.files(), ["AA.gif", "AD.gif"]);
    program.assert_files_are_whole();
    assert_eq!(report.status, Some(1));
}

#[test]
fn https_that_is_not_spoken_is_told_from_one_that_is_too_old() {
    let alert = b"\x15\x03\x01\0\x02\x02\x46".to_vec();
    for (bytes, words) in [
        (answer("400 Bad Request", "", b""), "https is not spoken there"),
        (alert, "no TLS 1.2 or 1.3"),
    ] {
        let site = RawSite::deaf(bytes);
        let url = site.url.replace("http:", "https:");
        let report = Program::new(&["-s", &url, "BR"]).run();
        assert!(report.error_of("BR").contains(words), "{}", report.stderr);
        assert_eq!(report.status, Some(1));
    }
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
fn a_proxy_that_fails_is_named_with_its_variable_and_without_its_password() {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let mut program = Program::new(&["-s", "http://flags.example/flags", "BR", "US"]);
    for name in ["http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"] {
        program.command.env_remove(name);
    }
    let proxy = format!("http://me:secret@{nobody}");
    let report = program.env("HTTP_PROXY", &proxy).run();
    let named = format!("the proxy http://{nobody}, which HTTP_PROXY names");
    assert_eq!(report.stderr.matches(&named).count(), 1, "{}", report.stderr);
    assert!(!report.stderr.contains("secret"), "{}", report.stderr);
    assert!(!report.stderr.contains("is the site running"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
}
