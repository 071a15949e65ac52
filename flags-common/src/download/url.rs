//! The URL of a site: what is none, and what of it is nobody's business.

use std::net::IpAddr;

use http::Uri;

/// Reads the URL of a site, which is that of the folder that holds `br/br.gif`.
///
/// [`Uri`] would drop a fragment in silence, and take the usual port for any that is no
/// number or too large: so a slip of the finger would lead to some other site.
///
/// # Errors
///
/// What is wrong with what looks like a URL, and nothing (an empty text) about anything
/// else.
pub fn parse_url(text: &str) -> Result<String, &'static str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("");
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err("only http and https are spoken");
    }
    if text.contains('#') {
        return Err("a site has no fragment");
    }
    if text.contains('?') {
        return Err("a site has no query");
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    // The colons of an IPv6 address stand within its brackets.
    let after_address = place.rfind(']').map_or(0, |bracket| bracket + 1);
    let colon = place[after_address..].find(':').map(|colon| after_address + colon);
    let (host, port) = match colon {
        Some(colon) => (&place[..colon], Some(&place[colon + 1..])),
        None => (place, None),
    };
    let is_port = |port: &str| {
        port.bytes().all(|digit| digit.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    if host.is_empty() {
        return Err("it names no host");
    }
    if !port.is_none_or(is_port) {
        return Err("a port is a number from 1 to 65535");
    }
    match text.parse::<Uri>() {
        Ok(url) if url.host().is_some_and(|host| !host.is_empty()) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("some of its characters are none of a URL"),
    }
}

/// A URL, or a text that may be one, without a user and a password. They are for the
/// site only: what is printed is read by others, and an archive is sent to them.
#[must_use]
pub fn without_user(url: &str) -> String {
    // A reference to another site may go without a scheme.
    let scheme =
        if url.starts_with("//") { Some(0) } else { url.find("://").map(|at| at + 1) };
    let Some(start) = scheme.map(|length| length + 2) else {
        return url.to_owned();
    };
    let length = url[start..].find(['/', '?', '#']).unwrap_or(url.len() - start);
    match url[start..start + length].rfind('@') {
        Some(at) => format!("{}{}", &url[..start], &url[start + at + 1..]),
        None => url.to_owned(),
    }
}

/// Whether a URL leads to this machine, where no proxy has to be asked.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|url| url.host().is_some_and(is_loopback_host))
}

fn is_loopback_host(host: &str) -> bool {
    match address(host) {
        Some(address) => address.is_loopback(),
        None => host.eq_ignore_ascii_case("localhost"),
    }
}

/// Whether a URL names its host, so that somebody has to look up its address.
pub(crate) fn has_name(url: &str) -> bool {
    let is_name = |host: &str| address(host).is_none();
    url.parse::<Uri>().is_ok_and(|url| url.host().is_some_and(is_name))
}

/// The address of a host that is not named but by this. In a URL an IPv6 address stands
/// in brackets.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slash_at_the_end_of_a_url_is_not_needed() {
        let flags = Ok("http://localhost:8000/flags".to_owned());
        assert_eq!(parse_url("http://localhost:8000/flags/"), flags);
        for right in [
            "HTTP://host",
            "https://host:65535/a/b",
            "http://[::1]:8000/flags",
            "http://[::1]",
            "http://me:secret@host:80/flags",
        ] {
            assert_eq!(parse_url(right), Ok(right.to_owned()));
        }
    }

    #[test]
    fn what_leads_to_another_site_than_it_says_is_no_url() {
        for (wrong, reason) in [
            ("", ""),
            ("MOON", ""),
            ("localhost:8000", ""),
            ("/flags", ""),
            ("ftp://site/flags", "http and https"),
            ("http://", "no host"),
            ("http:///flags", "no host"),
            ("http://:8000/flags", "no host"),
            ("http://me@/flags", "no host"),
            ("http://host:80900/flags", "port"),
            ("http://host:x/flags", "port"),
            ("http://host:8o00/flags", "port"),
            ("http://host:+80/flags", "port"),
            ("http://host:/flags", "port"),
            ("http://host:0/flags", "port"),
            ("http://[::1]:x/flags", "port"),
            ("http://host/flags#br", "fragment"),
            ("http://host/flags?br", "query"),
            ("http://ho st/flags", "characters"),
        ] {
            let error = parse_url(wrong).unwrap_err();
            assert!(error.contains(reason), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_user_is_nobody_elses_business() {
        for (url, shown) in [
            ("http://me:secret@host/a@b", "http://host/a@b"),
            ("http://me:sec@ret@host", "http://host"),
            ("http://host:80/a@b", "http://host:80/a@b"),
            ("//me:secret@host/a@b", "//host/a@b"),
            ("me@host", "me@host"),
        ] {
            assert_eq!(without_user(url), shown);
        }
    }

    #[test]
    fn loopback_is_told_from_the_network() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "[::1]"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "[::2]", "0.0.0.0"] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }

    #[test]
    fn a_name_is_told_from_an_address() {
        assert!(has_name("http://localhost:8000/flags"));
        assert!(has_name("https://me@flags.example"));
        assert!(!has_name("http://127.0.0.1:8000/flags"));
        assert!(!has_name("http://[::1]/flags"));
    }
}
