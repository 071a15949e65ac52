//! The proxy that stands between a program and a site that is not on this machine: the
//! HTTP clients take it from the environment in silence, and where it fails, everybody
//! would look for the fault at the site.

use std::env;

use http::Uri;

use super::error::FlagError;
use super::url::{is_loopback, without_user};

/// A proxy, and the variable of the environment that names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proxy {
    variable: &'static str,
    /// Without a user.
    url: String,
    /// Which site is asked by way of it.
    host: String,
}

impl Proxy {
    /// The proxy for the site at `base_url`, by the first of these `variables` that has a
    /// value.
    pub(crate) fn for_site(base_url: &str, variables: &[&'static str]) -> Option<Self> {
        Self::found(base_url, variables, |name| env::var(name).ok())
    }

    fn found(
        base_url: &str,
        variables: &[&'static str],
        value: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let host = base_url.parse::<Uri>().ok()?.host()?.to_owned();
        let set = |name: &str| value(name).filter(|value| !value.trim().is_empty());
        let without = set("NO_PROXY").or_else(|| set("no_proxy")).unwrap_or_default();
        if is_loopback(base_url) || is_listed(&host, &without) {
            return None;
        }
        let named = |&variable| set(variable).map(|value| (variable, value));
        let (variable, value) = variables.iter().find_map(named)?;
        let url = if value.contains("://") { value } else { format!("http://{value}") };
        Some(Self { variable, url: without_user(url.trim()), host })
    }

    /// What to do about an error, where it may be the fault of the proxy.
    pub(crate) fn advice(&self, error: &FlagError) -> Option<String> {
        let Self { variable, url, host } = self;
        let may_be_its_fault = match error {
            FlagError::Refused
            | FlagError::NameNotResolved
            | FlagError::TimedOut
            | FlagError::Truncated
            | FlagError::Other(_) => true,
            // What a proxy answers that wants a password, or finds no site.
            FlagError::Status(status) => matches!(status.as_u16(), 407 | 502..=504),
            _ => false,
        };
        may_be_its_fault.then(|| {
            format!(
                "all requests go to the proxy {url}, which {variable} names: is it \
                 right? NO_PROXY={host} asks the site itself"
            )
        })
    }
}

/// Whether `NO_PROXY` lists a host: by its name, by the end of it, or with all others.
fn is_listed(host: &str, list: &str) -> bool {
    list.split(',').map(str::trim).any(|listed| {
        let end = listed.trim_start_matches("*.").trim_start_matches('.');
        let is_end = || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'));
        listed == "*" || !end.is_empty() && (host == end || is_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "http://flags.example:8000/flags";

    fn found(base_url: &str, variables: &[(&str, &str)]) -> Option<Proxy> {
        Proxy::found(base_url, &["HTTP_PROXY", "http_proxy", "ALL_PROXY"], |name| {
            let mut set = variables.iter().filter(|(set, _)| *set == name);
            set.next().map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_first_variable_that_is_set_names_it_and_no_password_is_told() {
        let set = [("ALL_PROXY", "one:1"), ("http_proxy", "http://me:secret@two:2")];
        let proxy = found(SITE, &[("HTTP_PROXY", ""), set[0], set[1]]).unwrap();
        let advice = proxy.advice(&FlagError::Refused).unwrap();
        let expected = "the proxy http://two:2, which http_proxy names";
        assert!(advice.contains(expected), "{advice}");
        assert!(advice.contains("NO_PROXY=flags.example "), "{advice}");
        let proxy = found(SITE, &set[..1]).unwrap();
        assert_eq!((proxy.variable, &*proxy.url), ("ALL_PROXY", "http://one:1"));
        assert!(proxy.advice(&FlagError::NotGif).is_none(), "that was an answer");
    }

    #[test]
    fn a_site_on_this_machine_or_in_the_list_has_none() {
        let set = ("HTTP_PROXY", "http://proxy:3128");
        assert_eq!(found(SITE, &[]), None);
        assert_eq!(found("http://localhost:8000/flags", &[set]), None);
        for list in ["flags.example", "a.b, .example", "*", "*.example", "example"] {
            assert_eq!(found(SITE, &[set, ("NO_PROXY", list)]), None, "{list}");
        }
        for list in ["", "lags.example", "ample", "example.com"] {
            assert!(found(SITE, &[set, ("no_proxy", list)]).is_some(), "{list}");
        }
    }
}
