//! Who hears of the runs, and who may change what the page shows: the pages of this
//! server and nobody else's.
//!
//! A browser lets a page read only what comes from the page's own origin, which is the
//! scheme, the name and the port in its address. But the owner of a domain can let its
//! name lead to this server while a page of theirs is open (DNS rebinding), and then the
//! origin of that page is this server's. So what is asked for by a name is refused,
//! except by the one that nobody owns, `localhost`. An address leads where it says.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

/// Whether a request came here by a name that somebody may own. Every browser says by
/// which name it came. A client that does not is no browser, and no page can use it.
pub(super) fn is_by_foreign_name(headers: &HeaderMap) -> bool {
    headers.contains_key(HOST)
        && !only(headers, HOST).is_some_and(is_address_or_localhost)
}

/// Whether a request was sent by a page of this server, and not by one of another site
/// that happens to be open in the same browser.
///
/// The browser names the origin of the page, and a page cannot change that.
pub(super) fn is_from_this_page(headers: &HeaderMap) -> bool {
    let (Some(host), Some(origin)) = (only(headers, HOST), only(headers, ORIGIN)) else {
        return false;
    };
    origin.strip_prefix("http://") == Some(host) && is_address_or_localhost(host)
}

/// The value of a header that is there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_address_or_localhost(host: &str) -> bool {
    let is_port = |text: &str| text.parse::<u16>().is_ok();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<Ipv4Addr>().is_ok()
        || in_brackets.is_some_and(|name| name.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_this_servers_own_page_is_believed() {
        let is_foreign = |host: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in host {
                headers.append(HOST, HeaderValue::from_str(value).unwrap());
            }
            is_by_foreign_name(&headers)
        };
        assert!(!is_foreign(&[]));
        let is_believed = |host: &[&str], origin: &[&str]| {
            let mut headers = HeaderMap::new();
            for (name, values) in [(HOST, host), (ORIGIN, origin)] {
                for value in values {
                    headers.append(&name, HeaderValue::from_str(value).unwrap());
                }
            }
            is_from_this_page(&headers)
        };
        for host in [
            "localhost:8000",
            "localhost",
            "LocalHost:8000",
            "127.0.0.1:8000",
            "192.168.1.7:80",
            "10.0.0.1",
            "[::1]:8000",
            "[fe80::1]",
        ] {
            let origin = format!("http://{host}");
            assert!(!is_foreign(&[host]) && is_foreign(&[host, host]), "{host}");
            assert!(is_believed(&[host], &[&origin]), "{host}");
            for other in [
                "null",
                "http://localhost:8001",
                "http://evil.example",
                &format!("https://{host}"),
                &format!("http://{host}/"),
                &format!("http://{host}.evil.example"),
                host,
                "",
            ] {
                assert!(!is_believed(&[host], &[other]), "{host} {other}");
            }
            assert!(!is_believed(&[host], &[]), "{host}");
            assert!(!is_believed(&[], &[&origin]), "{host}");
            assert!(!is_believed(&[host, host], &[&origin]), "{host}");
            assert!(!is_believed(&[host], &[&origin, &origin]), "{host}");
        }
        // The name of somebody's domain can lead here, whatever it looks like.
        for host in [
            "evil.example:8000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "evil.example:99999",
            "user@localhost",
            "localhost:",
            "::1",
            "[localhost]",
            "",
        ] {
            let origin = format!("http://{host}");
            assert!(is_foreign(&[host]), "{host}");
            assert!(!is_believed(&[host], &[&origin]), "{host}");
        }
    }
}
