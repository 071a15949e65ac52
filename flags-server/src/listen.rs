//! Where a site listens, what to type to reach it, and what to say where it cannot.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use flags_server::bind;
use tokio::net::TcpListener;

/// Listens at the address. At the usual one, 127.0.0.1, it listens at `::1` too: to many
/// systems `localhost` means that first, and on Windows it takes a client two seconds
/// to find out that nobody is there.
pub(crate) fn listen(address: SocketAddr) -> Result<Vec<TcpListener>, String> {
    let mut listeners = vec![bind(address).map_err(|error| refusal(address, &error))?];
    if address.ip() == Ipv4Addr::LOCALHOST && address.port() != 0 {
        let address = SocketAddr::from((Ipv6Addr::LOCALHOST, address.port()));
        match bind(address) {
            Ok(listener) => listeners.push(listener),
            // With another program there, `localhost` would lead to either of the two.
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(refusal(address, &error));
            }
            // A machine without IPv6.
            Err(_) => {}
        }
    }
    Ok(listeners)
}

/// The URL to type for the site that listens at an address.
pub(crate) fn base_url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(own_address(address.ip()));
    }
    format!("http://{address}/flags")
}

/// What to type into a browser for the page of the site at a base URL.
pub(crate) fn page_url(base_url: &str) -> String {
    base_url.trim_end_matches("flags").replacen("//127.0.0.1:", "//localhost:", 1)
}

/// Why the program cannot listen at an address, and what to do.
fn refusal(address: SocketAddr, error: &io::Error) -> String {
    let (reason, advice) = match error.kind() {
        ErrorKind::AddrInUse => (
            "the port is in use".to_owned(),
            // Not the ports that have just been tried.
            if (9000..9010).contains(&address.port()) {
                "Stop the program that uses it, or take other ports for all sites:\n\
                 --port 9010 serves them at 9010 and the next ones, --port 0 at any."
            } else {
                "Stop the program that uses it, or take other ports for all sites:\n\
                 --port 9000 serves them at 9000 and the next ones, --port 0 at any."
            },
        ),
        ErrorKind::PermissionDenied => (
            "the system does not allow it".to_owned(),
            "Ports below 1024 need special rights. Choose a higher one with --port.",
        ),
        ErrorKind::AddrNotAvailable => (
            "this machine does not have that address".to_owned(),
            "Choose one that it has with --bind; 0.0.0.0 stands for all of them.",
        ),
        _ => (error.to_string(), "Choose another address with --bind and --port."),
    };
    format!("cannot listen at {address}: {reason}.\n{advice}")
}

/// The address by which others reach a machine that listens at all of its addresses.
fn own_address(unspecified: IpAddr) -> IpAddr {
    let (loopback, elsewhere): (IpAddr, IpAddr) = match unspecified {
        IpAddr::V4(_) => (Ipv4Addr::LOCALHOST.into(), [192, 0, 2, 1].into()),
        IpAddr::V6(_) => {
            (Ipv6Addr::LOCALHOST.into(), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into())
        }
    };
    // To connect a UDP socket sends nothing. The system only chooses the way that a
    // packet would take, and with it the address that it would come from.
    UdpSocket::bind((unspecified, 0))
        .and_then(|socket| socket.connect((elsewhere, 9)).and(socket.local_addr()))
        .map_or(loopback, |address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_one_that_can_be_typed() {
        let url = |text: &str| base_url(text.parse().unwrap());
        assert_eq!(url("127.0.0.1:8000"), "http://127.0.0.1:8000/flags");
        assert_eq!(url("[::1]:8001"), "http://[::1]:8001/flags");
        for everywhere in ["0.0.0.0:80", "[::]:80"] {
            let url = url(everywhere);
            assert!(!url.contains("//0.0.0.0") && !url.contains("[::]"), "{url}");
            assert!(url.ends_with(":80/flags"), "{url}");
        }
    }

    #[test]
    fn the_page_is_where_a_person_would_look_for_it() {
        for (base, page) in [
            ("http://127.0.0.1:8000/flags", "http://localhost:8000/"),
            ("http://192.168.1.7:8000/flags", "http://192.168.1.7:8000/"),
            ("http://[::1]:8000/flags", "http://[::1]:8000/"),
        ] {
            assert_eq!(page_url(base), page);
        }
    }

    #[test]
    fn a_refusal_names_the_address_the_reason_and_what_to_do() {
        let address = "127.0.0.1:80".parse().unwrap();
        for (kind, reason, advice) in [
            (ErrorKind::AddrInUse, "in use", "--port 9000 "),
            (ErrorKind::PermissionDenied, "not allow", "--port"),
            (ErrorKind::AddrNotAvailable, "not have that address", "--bind"),
            (ErrorKind::OutOfMemory, "out of memory", "--port"),
        ] {
            let text = refusal(address, &kind.into());
            assert!(text.starts_with("cannot listen at 127.0.0.1:80: "), "{text}");
            assert!(text.contains(reason) && text.contains(advice), "{text}");
        }
    }
}
