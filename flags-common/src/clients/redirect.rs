//! Where an answer sends us on to, for a client that has to be told.
//!
//! reqwest follows redirects as a browser does. ureq follows them in another way: it
//! takes `mailto:a@b` for the name of a host, and a port that is none for the usual one.
//! So for ureq they are followed here.

use std::fmt::Write as _;
use std::str;

use http::header::LOCATION;
use http::uri::Authority;
use http::{Response, StatusCode, Uri};

/// The URL that an answer to a request for `from` redirects to (RFC 9110, section 15.4):
/// `None` where it does not, or to what is no URL of a site.
pub(super) fn target<T>(from: &Uri, answer: &Response<T>) -> Option<Uri> {
    if !matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    ) {
        return None;
    }
    // Of several, all browsers take the first.
    let location = answer.headers().get(LOCATION)?;
    resolve(from, str::from_utf8(location.as_bytes()).ok()?)
}

/// What `reference` means in a document from `base` (RFC 3986, section 5.2).
fn resolve(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next().unwrap_or_default();
    let (scheme, rest) = match split_scheme(reference) {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (base.scheme_str()?.to_owned(), reference),
    };
    let has_scheme = rest.len() < reference.len();
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let (authority, rest) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
        None if has_scheme => return None,
        None => (base.authority()?.as_str(), rest),
    };
    let is_relative = !reference.starts_with("//") && !has_scheme;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let (path, query) = match path {
        "" if is_relative => (base.path().to_owned(), query.or(base.query())),
        _ if path.starts_with('/') || !is_relative => (path.to_owned(), query),
        _ => {
            let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            (format!("{folder}/{path}"), query)
        }
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let path_and_query = encode(&(without_dots(&path) + &query));
    let url = format!("{scheme}://{}{path_and_query}", checked(authority)?);
    url.parse().ok()
}

/// Parts `http` from what follows its colon.
fn split_scheme(reference: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = reference.split_once(':')?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let begins = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (begins && scheme.bytes().all(is_letter)).then_some((scheme, rest))
}

/// A host with a port that is one, if there is any. [`Uri`] would take the usual port in
/// place of any that is not.
fn checked(authority: &str) -> Option<Authority> {
    let authority: Authority = authority.parse().ok()?;
    let place =
        authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, p)| p);
    let port = place.strip_prefix(authority.host())?.trim_start_matches(':');
    let is_right = port.is_empty() || port.parse::<u16>().is_ok();
    (is_right && !authority.host().is_empty()).then_some(authority)
}

/// A path without its steps `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        parts.push("");
    }
    format!("/{}", parts.join("/"))
}

/// Writes what must not stand in a URL by the numbers of its bytes, as a browser does.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for character in text.chars() {
        if character.is_ascii_graphic() && !"\"<>\\^`{|}".contains(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                write!(encoded, "%{byte:02X}").expect("a string takes all");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(reference: &str) -> Option<String> {
        let base = Uri::from_static("http://site:8000/flags/br/br.gif?a");
        resolve(&base, reference).map(|url| url.to_string())
    }

    #[test]
    fn a_reference_is_resolved_as_in_a_browser() {
        for (reference, expected) in [
            ("http://other/x.gif", "http://other/x.gif"),
            ("HTTPS://other", "https://other/"),
            ("http://other:81?q", "http://other:81/?q"),
            ("//other/x.gif", "http://other/x.gif"),
            ("/x.gif#top", "http://site:8000/x.gif"),
            ("?b", "http://site:8000/flags/br/br.gif?b"),
            ("", "http://site:8000/flags/br/br.gif?a"),
            ("x.gif", "http://site:8000/flags/br/x.gif"),
            ("../us/./us.gif", "http://site:8000/flags/us/us.gif"),
            ("../../../..", "http://site:8000/"),
            ("..", "http://site:8000/flags/"),
            ("/a b/é\"", "http://site:8000/a%20b/%C3%A9%22"),
            ("//[::1]:81/x", "http://[::1]:81/x"),
        ] {
            assert_eq!(resolved(reference).as_deref(), Some(expected), "{reference}");
        }
    }

    #[test]
    fn what_is_no_url_of_a_site_is_none() {
        for reference in [
            "javascript:alert(1)",
            "data:image/gif;base64,R0lGODlh",
            "mailto:a@b",
            "file:///etc/passwd",
            "ftp://site/x.gif",
            "http:x",
            "http://",
            "http://host:80900/x.gif",
            "http://host:x/",
            "http://a b/",
            "http://[::1/",
        ] {
            assert_eq!(resolved(reference), None, "{reference}");
        }
    }

    #[test]
    fn only_a_redirect_leads_somewhere() {
        let leads = |status: u16| {
            let answer = Response::builder().status(status).header(LOCATION, "/x.gif");
            let answer = answer.header(LOCATION, "/y.gif").body(()).unwrap();
            target(&Uri::from_static("http://site/"), &answer).is_some()
        };
        assert!([301, 302, 303, 307, 308].into_iter().all(leads));
        assert!(![200, 201, 300, 304, 305, 306, 404].into_iter().any(leads));
    }
}
