//! What an HTTP client does for a downloader without a word in its listing, tested on
//! those programs whose client does.

use std::net::TcpListener;

#[path = "tls_site.rs"]
mod tls_site;

use super::downloader::program::{Program, assert_no_name_of_a_library};
use super::downloader::raw_site::{Closing, RawSite, answer};
use super::downloader::site::{Answer, Site, gif};
use super::{MAX_CONCURRENCY, NAME};

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
fn a_certificate_that_proves_nothing_is_told_in_words() {
    for (certificate, words) in [
        (tls_site::EXPIRED, "certificate has expired: https://"),
        (tls_site::SELF_SIGNED, "certificate is self-signed, or signed by somebody"),
        (tls_site::SELF_SIGNED_AUTHORITY, "certificate is self-signed, or not one for"),
    ] {
        let mut program = Program::new(&["-s", &tls_site::start(certificate), "BR"]);
        let report = program.run();
        assert!(report.error_of("BR").contains(words), "{}", report.stderr);
        assert_no_name_of_a_library(&report.stderr);
        assert_eq!((report.status, program.files()), (Some(1), Vec::new()));
    }
}

/// An address where nobody listens.
fn nobody() -> String {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().to_string()
}

#[test]
fn a_site_on_this_machine_is_asked_without_a_proxy() {
    let site = Site::new(&[]);
    let program = Program::new(&["-s", &site.url, "BR", "US"]);
    let report = program.env("HTTP_PROXY", &nobody()).env("all_proxy", "x:y").run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    assert_eq!(site.user_agents().len(), 2);
}

#[test]
fn a_408_costs_no_flag_although_the_next_connection_is_closed_too() {
    let site = RawSite::closing(Closing::After408, gif(2500));
    let mut program = Program::new(&["-s", &site.url, "-m", "1", "BR"]);
    let report = program.run();
    assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
    program.assert_files_are_whole();
    // ureq asks by a new connection at once.
    assert_eq!(site.unanswered() > 0, NAME == "flags-async");
}

#[test]
fn no_flag_is_lost_when_connections_are_closed_after_a_redirect() {
    let open = MAX_CONCURRENCY.min(2);
    let other = RawSite::with_faults(Vec::new(), gif(2500));
    // The image is asked for by the connections of the redirects. If it is elsewhere,
    // those are idle then, and the next flags are asked for by them.
    for other in [None, Some(other.url.as_str())] {
        let site = RawSite::redirecting(other, open, gif(2500));
        let arguments = ["-s", &site.url, "-m", &open.to_string(), "a", "b"];
        let mut program = Program::new(&arguments);
        let report = program.run();
        assert_eq!((report.stderr.as_str(), report.status), ("", Some(0)));
        assert_eq!(program.files().len(), 52);
        program.assert_files_are_whole();
        assert!(site.unanswered() > 0);
    }
}

#[test]
fn a_proxy_for_http_is_sent_each_request_with_the_whole_url() {
    let (proxy, heads) = RawSite::proxy(answer("200 OK", "", &gif(100)));
    let proxy = proxy.url.replace("//", "//me:s%20t@");
    let mut program = Program::new(&["-s", "http://flags.example:81/flags", "BR", "US"])
        .env("http_proxy", &proxy)
        .env("HTTPS_PROXY", &nobody())
        .env("ALL_PROXY", &nobody());
    let report = program.run();
    assert_eq!(report.status, Some(0), "{}", report.stderr);
    assert_eq!(program.files(), ["BR.gif", "US.gif"]);
    let heads: Vec<String> = heads.try_iter().collect();
    for code in ["br", "us"] {
        let url = format!("http://flags.example:81/flags/{code}/{code}.gif");
        let begin = format!("GET {url} HTTP/1.1\r\n");
        let head = heads.iter().find(|head| head.starts_with(&begin)).unwrap();
        let lines: Vec<_> = head.lines().map(str::to_lowercase).collect();
        for line in ["host: flags.example:81", "proxy-authorization: basic bwu6cyb0"] {
            let number = lines.iter().filter(|found| *found == line).count();
            assert_eq!(number, 1, "{head}");
        }
    }
    assert_eq!(heads.len(), 2, "{heads:?}");
}

#[test]
fn a_proxy_for_https_is_asked_for_a_tunnel() {
    for (status, words, options) in [
        (
            "407 Who Are You",
            "opens no way to the site: it wants a user and a password:",
            &[][..],
        ),
        ("403 No 407", "the proxy opens no way to the site:", &[]),
        // It keeps to no TLS, but reads what comes as one more request.
        ("200 Come In", "timed out", &["--timeout", "1s"]),
    ] {
        let (proxy, heads) = RawSite::proxy(answer(status, "", b""));
        let mut program = Program::new(&["-s", "https://flags.example/flags", "BR"])
            .env("HTTPS_PROXY", &proxy.url)
            .env("http_proxy", &nobody());
        program.command.args(options);
        let report = program.run();
        let text = report.error_of("BR");
        assert!(text.contains(words), "{text}");
        let named = ", which HTTPS_PROXY names: is it right?";
        assert_eq!(report.stderr.matches(named).count(), 1, "{}", report.stderr);
        assert_eq!(report.status, Some(1));
        let head = heads.try_recv().unwrap();
        assert!(head.starts_with("CONNECT flags.example:443 HTTP/1.1\r\n"), "{head}");
    }
}

#[test]
fn a_tunnel_that_breaks_is_an_answer_that_does_not_come() {
    let proxy = RawSite::broken_tunnel();
    let program = Program::new(&["-s", "https://flags.example/flags", "BR"]);
    let report = program.env("HTTPS_PROXY", &proxy.url).run();
    let text = report.error_of("BR");
    assert!(text.starts_with("BR truncated: the connection ended"), "{text}");
    assert!(report.stderr.contains(", which HTTPS_PROXY names"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
}

#[test]
fn a_proxy_that_opens_no_tunnel_and_says_nothing_clear_is_told_in_words() {
    const TRUNCATED: &str = "truncated: the connection ended";
    const TOO_LARGE: &str = "the head of the answer is too large";
    let headers =
        |number| [b"HTTP/1.1 200 OK\r\n", &b"x: x\r\n".repeat(number)[..]].concat();
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(20 << 10));
    for (bytes, by_reqwest, by_ureq) in [
        (Vec::new(), TRUNCATED, TRUNCATED),
        (headers(1), TRUNCATED, TRUNCATED),
        // For reqwest this is a tunnel, which then ends. ureq has room for 20 headers.
        ([&headers(30), &b"\r\n"[..]].concat(), TRUNCATED, TOO_LARGE),
        // ureq takes the end of its room for that of the connection.
        (long.into_bytes(), TOO_LARGE, TRUNCATED),
        // reqwest does not tell it from a refusal.
        (b"\0\x01\r\n\r\n".to_vec(), "opens no way to the site:", "broken answer: "),
    ] {
        let words = if NAME == "flags-async" { by_reqwest } else { by_ureq };
        let proxy = RawSite::deaf(bytes);
        let program = Program::new(&["-s", "https://flags.example/flags", "BR"]);
        let report = program.env("HTTPS_PROXY", &proxy.url).run();
        let text = report.error_of("BR");
        assert!(text.contains(words), "{text}");
        assert!(report.stderr.contains(", which HTTPS_PROXY names"), "{}", report.stderr);
        assert_eq!(report.status, Some(1));
    }
}

#[test]
fn a_proxy_that_fails_is_named_with_its_variable_and_without_its_password() {
    let nobody = nobody();
    let program = Program::new(&["-s", "http://flags.example/flags", "BR", "US"]);
    let report = program.env("HTTP_PROXY", &format!("http://me:secret@{nobody}")).run();
    let named = format!("the proxy http://{nobody}, which HTTP_PROXY names");
    assert_eq!(report.stderr.matches(&named).count(), 1, "{}", report.stderr);
    assert!(!report.stderr.contains("secret"), "{}", report.stderr);
    assert!(!report.stderr.contains("is the site running"), "{}", report.stderr);
    assert_eq!(report.status, Some(1));
}

// Only Unix takes this address for that of the machine itself.
#[cfg(unix)]
#[test]
fn a_proxy_of_another_kind_is_not_asked_which_is_told() {
    let site = Site::new(&[]);
    let url = site.url.replace("127.0.0.1", "0.0.0.0");
    let program = Program::new(&["-s", &url, "BR"]);
    let report = program.env("ALL_PROXY", &format!("socks5://{}", nobody())).run();
    let notice = "note: ALL_PROXY names a proxy that is not asked (only http and https";
    assert_eq!(report.stderr.matches(notice).count(), 1, "{}", report.stderr);
    assert_eq!((site.user_agents().len(), report.status), (1, Some(0)));
}
