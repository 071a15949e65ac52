//! What an HTTP client needs that is made by hand of a connection and of hyper: the
//! address of the site, the head of a request, and the errors.

use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use hyper::body::{Body, Buf};
use hyper::header::{CONNECTION, HOST, USER_AGENT};
use hyper::{Request, Response, Uri};

use super::{append, headers};
use crate::download::error::FlagError;
use crate::download::flag::Flag;
use crate::download::job::Job;
use crate::download::url::address;
use crate::program::{in_words, user_agent};

/// Looks up the addresses of a job's site. It blocks the calling thread.
///
/// # Errors
///
/// [`FlagError::NoTls`] when the site speaks `https` only,
/// [`FlagError::NameNotResolved`] when its name has no address,
/// [`FlagError::TimedOut`] when nobody says so in the time that a flag may take, and
/// [`FlagError::Other`] when the system has no thread for that.
///
/// # Panics
///
/// Never: the command line takes nothing but URLs.
pub fn look_up(job: &Job) -> Result<Vec<SocketAddr>, FlagError> {
    let url: Uri = job.base_url.parse().expect("the command line takes nothing but URLs");
    if url.scheme_str() != Some("http") {
        return Err(FlagError::NoTls);
    }
    let host = url.host().unwrap_or_default().to_owned();
    let port = url.port_u16().unwrap_or(80);
    if let Some(address) = address(&host) {
        return Ok(vec![(address, port).into()]);
    }
    // The system takes its own time to give up a server of names that does not answer.
    // This thread is then left to it, which the end of the program does not wait for.
    let (sender, addresses) = channel();
    thread::Builder::new()
        .spawn(move || sender.send((host.as_str(), port).to_socket_addrs()))
        .map_err(|error| FlagError::Other(in_words(&error)))?;
    match addresses.recv_timeout(job.timeout) {
        Ok(addresses) => Ok(addresses?.collect()),
        Err(RecvTimeoutError::Timeout) => Err(FlagError::TimedOut),
        Err(RecvTimeoutError::Disconnected) => Err(FlagError::Abandoned),
    }
}

/// A request of the calling thread for what lies at a URL.
///
/// # Panics
///
/// When it is no URL, which that of a flag always is.
#[must_use]
pub fn request(job: &Job, url: &str) -> Request<String> {
    let url: Uri = url.parse().expect("it is a URL");
    let authority = url.authority().expect("a URL has a host").as_str();
    // What stands before an `@` is for the client only.
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let path = url.path_and_query().expect("a URL has a path").as_str();
    let mut request = Request::get(path)
        .header(HOST, host)
        .header(CONNECTION, "close")
        .header(USER_AGENT, user_agent())
        .body(String::new())
        .expect("all parts of it come from a URL");
    request.headers_mut().extend(headers(job.name.as_ref()));
    request
}

/// Reads the image of a flag, which has to be one by its status, its size and its
/// content.
///
/// # Errors
///
/// [`FlagError::NotFound`] and [`FlagError::Status`] for any status that is no success,
/// [`FlagError::TooLarge`] for more than 1 MiB, [`FlagError::NotGif`] and
/// [`FlagError::BrokenGif`], and what can happen on the way.
pub async fn read_image<B>(
    flag: &Flag,
    response: Response<B>,
) -> Result<Vec<u8>, FlagError>
where
    B: Body + Unpin,
    FlagError: From<B::Error>,
{
    flag.first_byte(response.status());
    FlagError::check_head(response.status(), response.headers())?;
    let (mut image, mut body) = (Vec::new(), response.into_body());
    while let Some(frame) =
        poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        // What is no data is a trailer, such as a check sum.
        let Ok(mut part) = frame?.into_data() else { continue };
        append(&mut image, &part.copy_to_bytes(part.remaining()))?;
    }
    flag.check_image(image)
}

impl From<hyper::Error> for FlagError {
    fn from(error: hyper::Error) -> Self {
        Self::from_cause(&error)
    }
}

impl From<io::Error> for FlagError {
    fn from(error: io::Error) -> Self {
        Self::from_io(&error)
    }
}
