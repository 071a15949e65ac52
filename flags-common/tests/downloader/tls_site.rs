//! A site that speaks https, and proves who it is by one of the `certificates`. Nobody is
//! to trust it, so it has nothing to say.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

pub(crate) const EXPIRED: &[u8] = include_bytes!("certificates/expired.der");
pub(crate) const SELF_SIGNED: &[u8] = include_bytes!("certificates/self-signed.der");
pub(crate) const SELF_SIGNED_AUTHORITY: &[u8] =
    include_bytes!("certificates/self-signed-authority.der");
const KEY: &[u8] = include_bytes!("certificates/key.der");

/// Starts the site, and returns its URL.
pub(crate) fn start(certificate: &'static [u8]) -> String {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.into()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}/flags", listener.local_addr().unwrap());
    // The threads end with the test's process; none of them holds anything.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let config = Arc::clone(&config);
            thread::spawn(move || shake_hands(stream?, config));
        }
    });
    url
}

fn shake_hands(mut stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
    let mut connection = ServerConnection::new(config).map_err(io::Error::other)?;
    // It ends with an error, since the client trusts nobody here.
    connection.complete_io(&mut stream).map(drop)
}
