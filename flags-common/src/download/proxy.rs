//! The proxy that stands between a program and a site that is not on this machine: which
//! one the environment names for a URL, and that it is told where it fails, since
//! everybody would look for the fault at the site.
//!
//! All clients ask here. Their own rules differ: ureq sends http to the proxy for https.

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
        if is_loopback(url) || is_listed(url_of_site.host()?, &self.without) {
            return None;
        }
        let is_https = url_of_site.scheme() == Some(&Scheme::HTTPS);
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
        Self { variable, url }
    }

    /// Where it is, with its user and password.
    // The client made by hand goes to no proxy.
    #[cfg_attr(not(any(feature = "reqwest", feature = "ureq")), expect(dead_code))]
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref().ok()
    }

    /// Why no client can ask it.
    pub(crate) fn notice(&self) -> Option<String> {
        // Without its URL, which may hold a password in some other place than most.
        let (variable, reason) = (self.variable, self.url.as_ref().err()?);
        Some(format!(
            "note: {variable} names a proxy that is not asked ({reason}); requests go to \
             the site itself"
        ))
    }

    /// What to do about an error with the flag at `url`, where it may be the fault of the
    /// proxy.
    pub(crate) fn advice(&self, error: &FlagError, url: &str) -> Option<String> {
        let may_be_its_fault = match error {
            FlagError::Refused
            | FlagError::Unreachable
            | FlagError::NameNotResolved
            | FlagError::TimedOut
            | FlagError::Truncated
            | FlagError::BrokenHttp
            | FlagError::Tunnel(_) => true,
            // What a proxy answers that wants a password, allows no such site, or finds
            // none.
            FlagError::Status(status) => {
                matches!(status.as_u16(), 403 | 407 | 502..=504)
            }
            _ => false,
        };
        let url = url.parse::<Uri>().ok().filter(|_| may_be_its_fault)?;
        let (host, variable) = (url.host()?, self.variable);
        let proxy = without_user(self.url.as_ref().ok()?);
        Some(format!(
            "all requests go to the proxy {proxy}, which {variable} names: is it right? \
             NO_PROXY={host} asks the site itself"
        ))
    }
}

/// Whether `NO_PROXY` lists a host: by its name, by the end of it, by its address or the
/// network of that (`10.0.0.0/8`), or with all others.
fn is_listed(host: &str, list: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    list.split(',').map(|listed| listed.trim().to_ascii_lowercase()).any(|listed| {
        if let Some((network, bits)) = listed.split_once('/') {
            let network = network.parse().ok().zip(bits.parse().ok());
            let is_inside = |(address, (network, bits))| is_in(address, network, bits);
            return address.zip(network).is_some_and(is_inside);
        }
        let end = listed.trim_start_matches("*.").trim_start_matches('.');
        let is_end = || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
        listed == "*"
            || !end.is_empty()
                && (host == end.trim_matches(['[', ']']) || address.is_none() && is_end())
    })
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
        assert_eq!(proxy.notice(), None);
        for error in [FlagError::Refused, FlagError::Status(StatusCode::BAD_GATEWAY)] {
            let advice = proxy.advice(&error, SITE).unwrap();
            let expected = "the proxy http://two:2, which http_proxy names";
            assert!(advice.contains(expected), "{advice}");
            assert!(advice.contains("NO_PROXY=flags.example "), "{advice}");
        }
        // Neither an answer of the site, nor what happened on this machine.
        let here = FlagError::Other("No buffer space available".to_owned());
        for error in [FlagError::NotGif, FlagError::TooManyFiles, here] {
            assert!(proxy.advice(&error, SITE).is_none(), "{error}");
        }
    }

    #[test]
    fn one_that_nobody_can_ask_is_told() {
        for (value, reason) in
            [("socks5://me:secret@two:2", "http and https"), ("two:port", "port")]
        {
            let proxy = found(SITE, &[("ALL_PROXY", value)]).unwrap();
            assert!(proxy.url.is_err(), "{value}");
            assert!(proxy.advice(&FlagError::Refused, SITE).is_none(), "{value}");
            let notice = proxy.notice().unwrap();
            assert!(notice.starts_with("note: ALL_PROXY names a proxy"), "{notice}");
            assert!(notice.contains(reason) && !notice.contains("secret"), "{notice}");
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
        ] {
            let proxy = found(url, &[set, ("NO_PROXY", list)]);
            assert_eq!(proxy.is_none(), is_listed, "{url} {list}");
        }
    }
}
