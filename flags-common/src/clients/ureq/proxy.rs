//! Asking for a site by http by way of a proxy.
//!
//! ureq has each proxy open a tunnel to the site (`CONNECT`). Most proxies do that for
//! https only, which they cannot read, and expect any other request to come to them as it
//! is, with the whole URL in its first line (RFC 9112, section 3.2.2).

use std::sync::Arc;
use std::time::Instant;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::uri::Scheme;
use ureq::config::Config;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Error, Proxy};

use crate::download::proxy::{self, Proxies};

/// The proxy for a URL, as ureq knows it.
pub(super) fn for_url(proxies: &Proxies, url: &str) -> Option<Proxy> {
    let url = proxies.for_url(url).and_then(proxy::Proxy::url)?;
    Some(
        Proxy::new(url).expect("its URL was checked, and its user and password are text"),
    )
}

/// Connects as ureq does, except to a proxy for http, where no tunnel is opened.
#[derive(Debug)]
pub(super) struct ByProxy {
    usual: DefaultConnector,
    /// The settings for a connection to a proxy, which itself is reached without any.
    direct: Config,
}

impl ByProxy {
    pub(super) fn new(direct: Config) -> Self {
        Self { usual: DefaultConnector::default(), direct }
    }
}

impl Connector for ByProxy {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        connection: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let is_http = details.uri.scheme() == Some(&Scheme::HTTP);
        let Some(proxy) = details.config.proxy().filter(|_| is_http) else {
            return self.usual.connect(details, connection);
        };
        let (uri, config) = (proxy.uri(), &self.direct);
        let began = Instant::now();
        let addrs = details.resolver.resolve(uri, config, details.timeout)?;
        // What the look-up took is no longer there for the connection.
        let mut timeout = details.timeout;
        if let Duration::Exact(all) = timeout.after {
            timeout.after = Duration::Exact(all.saturating_sub(began.elapsed()));
        }
        if timeout.after.is_zero() {
            return Err(Error::Timeout(timeout.reason));
        }
        let to_proxy = ConnectionDetails {
            uri,
            addrs,
            config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let site = details.uri.authority().map_or("", |authority| authority.as_str());
        // What stands before an `@` is for the client only.
        let site = site.rsplit_once('@').map_or(site, |(_, site)| site);
        let inner = self.usual.connect(&to_proxy, None)?;
        Ok(inner.map(|inner| -> Box<dyn Transport> {
            Box::new(ToProxy {
                inner,
                site: format!("http://{site}"),
                authorization: authorization(proxy),
                is_amid_request: false,
            })
        }))
    }
}

/// The header with the user and the password for a proxy, if it has any.
fn authorization(proxy: &Proxy) -> String {
    let Some(user) = proxy.username() else { return String::new() };
    let password = proxy.password().unwrap_or_default();
    let encoded = BASE64_STANDARD.encode(format!("{user}:{password}"));
    format!("Proxy-Authorization: Basic {encoded}\r\n")
}

/// A connection to a proxy, which says in each request which site that is for.
#[derive(Debug)]
struct ToProxy {
    inner: Box<dyn Transport>,
    /// The begin of a URL of the site, up to its path.
    site: String,
    authorization: String,
    is_amid_request: bool,
}

impl Transport for ToProxy {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(
        &mut self,
        amount: usize,
        timeout: NextTimeout,
    ) -> Result<(), Error> {
        if self.is_amid_request {
            return self.inner.transmit_output(amount, timeout);
        }
        self.is_amid_request = true;
        let request = &self.inner.buffers().output()[..amount];
        let request = for_proxy(request, &self.site, &self.authorization);
        let room = self.inner.buffers().output().len();
        for part in request.chunks(room) {
            self.inner.buffers().output()[..part.len()].copy_from_slice(part);
            self.inner.transmit_output(part.len(), timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        // The next thing to be sent is another request.
        self.is_amid_request = false;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}

/// The begin of a request as a proxy expects it: with the `site` in front of the path,
/// and with the header `authorization`.
fn for_proxy(request: &[u8], site: &str, authorization: &str) -> Vec<u8> {
    let after = |end: &[u8]| {
        let place = request.windows(end.len()).position(|bytes| bytes == end);
        place.map_or(0, |place| place + end.len())
    };
    let (method, rest) = request.split_at(after(b" "));
    let (first_line, headers) = rest.split_at(after(b"\r\n") - method.len());
    [method, site.as_bytes(), first_line, authorization.as_bytes(), headers].concat()
}
