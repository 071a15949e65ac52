//! The proxy that stands between a program and a site that is not on this machine: which
//! one the environment names for a URL, and that it is told where it fails, since
//! everybody would look for the fault at the site.
//!
//! The clients of ureq and reqwest ask here, since their own rules differ: ureq sends
//! http to the proxy for https. The client made by hand goes to no proxy.

use std::env;
use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;

use super::error::FlagError;
use super::url::{is_loopback, parse_url, without_user};

/// What the environment says of proxies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    /// The list of the hosts that are asked without any.
    without: String,
}

/// A proxy, and the variable of the environment that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    variable: &'static str,
    /// Where it is, or what is wrong with that.
    url: Result<String, &'static str>,
}

impl Proxies {
    /// Those for a client of the site at `base_url`: none for one on this machine.
    pub(crate) fn for_client(base_url: &str) -> Self {
        if is_loopback(base_url) {
            return Self::default();
        }
        Self::by(|name| env::var(name).ok())
    }

    fn by(value: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| {
            let value = value(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let named = |variables: [&'static str; 2]| {
            let mut set =
                variables.into_iter().filter_map(|name| Some((name, set(name)?)));
            set.next().map(|(variable, value)| Proxy::new(variable, &value))
        };
        let for_all = named(["ALL_PROXY", "all_proxy"]);
        Self {
            http: named(["HTTP_PROXY", "http_proxy"]).or(for_all.clone()),
            https: named(["HTTPS_PROXY", "https_proxy"]).or(for_all),
            without: set("NO_PROXY").or_else(|| set("no_proxy")).unwrap_or_default(),
        }
    }

    /// Whether there is none at all.
    #[cfg_attr(not(feature = "reqwest"), expect(dead_code))]
    pub(crate) fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none()
    }

    /// The proxy that a request for `url` goes to, if it goes to any.
    pub(crate) fn for_url(&self, url: &str) -> Option<&Proxy> {
        let url_of_site: Uri = url.parse().ok()?;
        let is_https = url_of_site.scheme() == Some(&Scheme::HTTPS);
        let port = url_of_site.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        if is_loopback(url) || is_listed(url_of_site.host()?, port, &self.without) {
            return None;
        }
        if is_https { self.https.as_ref() } else { self.http.as_ref() }
    }
}

impl Proxy {
    fn new(variable: &'static str, value: &str) -> Self {
        let url = if value.contains("://") {
            parse_url(value)
        } else {
            parse_url(&format!("http://{value}"))
        };
        let url = url.and_then(|url| match url.rsplit_once('@') {
            Some((begin, _)) if !is_text(begin) => {
                Err("its user and its password are no text")
            }
            _ => Ok(url),
        });
        Self { variable, url }
    }

    /// Where it is, with its user and password.
    #[cfg_attr(not(any(feature = "reqwest", feature = "ureq")), expect(dead_code))]
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref().ok()
    }

    /// Why no client can ask it for what lies at `url`.
    pub(crate) fn notice(&self, url: &str) -> Option<String> {
        // Without its URL, which may hold a password in some other place than most.
        let (variable, reason) = (self.variable, self.url.as_ref().err()?);
        let url = url.parse::<Uri>().ok()?;
        Some(format!(
            "note: {variable} names a proxy that is not asked ({reason}); requests for \
             {} go to the site itself",
            url.host()?
        ))
    }

    /// What to do about an error with the flag at `url`, where it may be the fault of the
    /// proxy.
    pub(crate) fn advice(&self, error: &FlagError, url: &str) -> Option<String> {
        let url = url.parse::<Uri>().ok()?;
        let may_be_its_fault = match error {
            FlagError::Refused
            | FlagError::Unreachable
            | FlagError::NameNotResolved
            | FlagError::TimedOut
            | FlagError::Truncated
            | FlagError::BrokenHttp
            | FlagError::HeadTooLarge
            | FlagError::Tunnel { .. } => true,
            // What a proxy answers that wants a password, allows no such site, or finds
            // none. Through a tunnel it cannot: there the site alone answers.
            FlagError::Status(status) => {
                url.scheme() == Some(&Scheme::HTTP)
                    && matches!(status.as_u16(), 403 | 407 | 502..=504)
            }
            _ => false,
        };
        if !may_be_its_fault {
            return None;
        }
        let (host, variable) = (url.host()?, self.variable);
        let proxy = without_user(self.url.as_ref().ok()?);
        Some(format!(
            "requests for {host} go to the proxy {proxy}, which {variable} names: is it \
             right? NO_PROXY={host} asks the site itself"
        ))
    }
}

/// Whether what begins a URL, up to the `@`, is text when it is decoded. ureq refuses it
/// where it is not, and reqwest sends something else.
fn is_text(begin: &str) -> bool {
    let mut parts = begin.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let number = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match number {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => bytes.extend(part.as_bytes()),
        }
    }
    String::from_utf8(bytes).is_ok()
}

/// Whether `NO_PROXY` lists a host: by its name, by the end of it, by its address or the
/// network of that (`10.0.0.0/8`), or with all others. Where a port follows, only that
/// one is meant.
fn is_listed(host: &str, port: u16, list: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    list.split(',').map(|listed| listed.trim().to_ascii_lowercase()).any(|listed| {
        if let Some((network, bits)) = listed.split_once('/') {
            let network = network.parse().ok().zip(bits.parse().ok());
            let is_inside = |(address, (network, bits))| is_in(address, network, bits);
            return address.zip(network).is_some_and(is_inside);
        }
        let (listed, listed_port) = host_and_port(&listed);
        if listed_port.is_some_and(|listed_port| listed_port != port) {
            return false;
        }
        let end = listed.trim_start_matches("*.").trim_start_matches('.');
        let is_end = || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
        listed == "*"
            || !end.is_empty()
                && (host == end.trim_matches(['[', ']']) || address.is_none() && is_end())
    })
}

/// What the list names, without the port that may follow.
fn host_and_port(listed: &str) -> (&str, Option<u16>) {
    let parts = listed.rsplit_once(':');
    // Without brackets, the colons are those of an IPv6 address.
    let parts = parts.filter(|(host, _)| host.ends_with(']') || !host.contains(':'));
    match parts.and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        Some((host, port)) => (host, Some(port)),
        None => (listed, None),
    }
}

/// Whether an address begins with the first `bits` of a network.
fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let differ = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros()
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            (address.to_bits() ^ network.to_bits()).leading_zeros()
        }
        _ => return false,
    };
    differ >= bits
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    const SITE: &str = "http://flags.example:8000/flags";

    fn found(url: &str, variables: &[(&str, &str)]) -> Option<Proxy> {
        let proxies = Proxies::by(|name| {
            let mut set = variables.iter().filter(|(set, _)| *set == name);
            set.next().map(|(_, value)| (*value).to_owned())
        });
        proxies.for_url(url).cloned()
    }

    #[test]
    fn each_scheme_has_its_variables_and_all_of_them_one_more() {
        let set =
            [("ALL_PROXY", "all:1"), ("http_proxy", "http:2"), ("HTTPS_PROXY", "s:3")];
        let url = |url, set: &[_]| found(url, set).map(|proxy| proxy.url.unwrap());
        let tls = "https://flags.example/flags";
        for (site, set, expected) in [
            (SITE, &set[..], Some("http://http:2")),
            (tls, &set, Some("http://s:3")),
            (SITE, &[set[0], ("HTTP_PROXY", " ")], Some("http://all:1")),
            (tls, &set[..1], Some("http://all:1")),
            (SITE, &set[2..], None),
            (tls, &set[1..2], None),
            (SITE, &[], None),
        ] {
            assert_eq!(url(site, set).as_deref(), expected, "{site} {set:?}");
        }
    }

    #[test]
    fn what_may_be_its_fault_names_it_and_tells_no_password() {
        let proxy = found(SITE, &[("http_proxy", "http://me:secret@two:2/")]).unwrap();
        assert_eq!(proxy.notice(SITE), None);
        for error in [FlagError::Refused, FlagError::Status(StatusCode::BAD_GATEWAY)] {
            let advice = proxy.advice(&error, SITE).unwrap();
            let expected = "the proxy http://two:2, which http_proxy names";
            assert!(advice.contains(expected), "{advice}");
            assert!(advice.contains("NO_PROXY=flags.example "), "{advice}");
        }
        // Neither an answer of the site, nor what happened on this machine.
        let here = FlagError::Other("No buffer space available".to_owned());
        for error in [FlagError::NotGif, FlagError::TooManyFiles(""), here] {
            assert!(proxy.advice(&error, SITE).is_none(), "{error}");
        }
    }

    #[test]
    fn a_status_that_came_through_a_tunnel_is_that_of_the_site() {
        let tls = "https://flags.example/flags";
        let proxy = found(tls, &[("HTTPS_PROXY", "http://two:2")]).unwrap();
        let bad_gateway = FlagError::Status(StatusCode::BAD_GATEWAY);
        assert_eq!(proxy.advice(&bad_gateway, tls), None);
        let no_tunnel = FlagError::Tunnel { wants_password: false };
        for error in [no_tunnel, FlagError::HeadTooLarge] {
            assert!(proxy.advice(&error, tls).is_some(), "{error}");
        }
    }

    #[test]
    fn one_that_nobody_can_ask_is_told() {
        for (value, reason) in [
            ("socks5://me:secret@two:2", "http and https"),
            ("two:port", "port"),
            ("http://me:%ffsecret@two:2", "no text"),
            ("m%c3:secret@two:2", "no text"),
        ] {
            let proxy = found(SITE, &[("ALL_PROXY", value)]).unwrap();
            assert!(proxy.url.is_err(), "{value}");
            assert!(proxy.advice(&FlagError::Refused, SITE).is_none(), "{value}");
            let notice = proxy.notice(SITE).unwrap();
            assert!(notice.starts_with("note: ALL_PROXY names a proxy"), "{notice}");
            assert!(notice.contains(reason) && !notice.contains("secret"), "{notice}");
            assert!(notice.contains("requests for flags.example go to"), "{notice}");
        }
        for value in ["http://m%c3%a9:s%20t@two:2", "http://me:50%@two:2", "two:2"] {
            let proxy = found(SITE, &[("ALL_PROXY", value)]).unwrap();
            assert_eq!(proxy.notice(SITE), None, "{value}");
        }
    }

    #[test]
    fn a_site_on_this_machine_or_in_the_list_has_none() {
        let set = ("HTTP_PROXY", "http://proxy:3128");
        assert_eq!(found("http://localhost:8000/flags", &[set]), None);
        for list in ["flags.example", "a.b, .Example", "*", "*.example", "example"] {
            assert_eq!(found(SITE, &[set, ("NO_PROXY", list)]), None, "{list}");
        }
        for list in ["", "lags.example", "ample", "example.com", "0.0.0.0/0"] {
            assert!(found(SITE, &[set, ("no_proxy", list)]).is_some(), "{list}");
        }
        for (url, list, is_listed) in [
            ("http://192.0.2.7/flags", "192.0.2.7", true),
            ("http://192.0.2.7/flags", "192.0.2.0/24", true),
            ("http://192.0.2.7/flags", "192.0.3.0/24", false),
            ("http://192.0.2.7/flags", "2.7", false),
            ("http://192.0.2.7/flags", "::/0", false),
            ("http://192.0.2.7/flags", "192.0.2.0/x", false),
            ("http://[2001:db8::7]/flags", "2001:DB8::/32", true),
            ("http://[2001:db8::7]/flags", "[2001:db8::7]", true),
            ("http://[2001:db8::7]/flags", "2001:db8::7", true),
            ("http://[2001:db8::7]/flags", "[2001:db8::7]:80", true),
            ("http://[2001:db8::7]/flags", "[2001:db8::7]:81", false),
            (SITE, "flags.example:8000", true),
            (SITE, ".example:8000", true),
            (SITE, "flags.example:80, *:8001", false),
            ("http://192.0.2.7/flags", "192.0.2.7:80", true),
        ] {
            let proxy = found(url, &[set, ("NO_PROXY", list)]);
            assert_eq!(proxy.is_none(), is_listed, "{url} {list}");
        }
    }
}
