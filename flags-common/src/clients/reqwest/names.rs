//! Looking up the name of a host, which never holds up the end of a program.
//!
//! The system takes its own time to give up a server of names that does not answer, ten
//! seconds and more. reqwest looks names up on a thread of the event loop, and so a run
//! whose flags have all timed out would still wait for that thread. This one nobody waits
//! for. It looks up each name once, however many connections ask for it.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

type LookUp = fn(&str) -> io::Result<Vec<SocketAddr>>;
type Addresses = io::Result<Vec<SocketAddr>>;
type Question = (Name, oneshot::Sender<Addresses>);

/// The addresses of hosts, as the system knows them.
pub(super) struct Names {
    look_up: LookUp,
    /// To the thread, which is started when it is first needed: a host that is named by
    /// its address is not looked up.
    thread: OnceLock<Sender<Question>>,
}

impl Names {
    pub(super) fn new() -> Self {
        // Port 0 stands for that of the URL.
        Self::by(|host| Ok((host, 0).to_socket_addrs()?.collect()))
    }

    fn by(look_up: LookUp) -> Self {
        Self { look_up, thread: OnceLock::new() }
    }

    fn thread(&self) -> io::Result<&Sender<Question>> {
        if self.thread.get().is_none() {
            let (sender, questions) = channel();
            let look_up = self.look_up;
            thread::Builder::new().spawn(move || answer(&questions, look_up))?;
            // Where two threads come here at once, one starts it in vain, and it ends.
            let _ = self.thread.set(sender);
        }
        Ok(self.thread.get().expect("it is set above, or has been"))
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (sender, addresses) = oneshot::channel();
        // A thread that has panicked answers nobody, which is seen below.
        let asked = self.thread().map(|thread| drop(thread.send((name, sender))));
        Box::pin(async {
            asked?;
            let addresses = addresses.await??;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn answer(questions: &Receiver<Question>, look_up: LookUp) {
    let mut known = HashMap::new();
    for (name, sender) in questions {
        let host = name.as_str();
        let addresses = match known.get(host) {
            Some(addresses) => Ok(Vec::clone(addresses)),
            // Only what is found is kept: the next one may have more luck.
            None => look_up(host).inspect(|addresses| {
                known.insert(host.to_owned(), addresses.clone());
            }),
        };
        // Who has asked may have given up.
        let _ = sender.send(addresses);
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use reqwest::Client;

    use super::*;
    use crate::clients::reqwest::event_loop;
    use crate::download::error::FlagError;

    fn ask(names: Names, timeout: Duration) -> FlagError {
        let client = Client::builder().dns_resolver(names).timeout(timeout).no_proxy();
        let client = super::super::client(
            client.tls_backend_preconfigured(super::super::tls_config()),
        );
        let request = client.get("http://flags.example/");
        // The loop is dropped before this returns, as at the end of a lesson.
        event_loop().block_on(async { request.send().await }).unwrap_err().into()
    }

    #[test]
    fn a_look_up_without_end_holds_up_nobody() {
        let silent = Names::by(|_| {
            loop {
                thread::park();
            }
        });
        let error = ask(silent, Duration::from_millis(20));
        assert!(matches!(error, FlagError::TimedOut), "{error}");
    }

    #[test]
    fn what_the_system_says_is_told() {
        let refused = Names::by(|_| {
            Err(io::Error::other("failed to lookup address information: Unknown"))
        });
        let error = ask(refused, Duration::from_secs(300));
        assert!(matches!(error, FlagError::NameNotResolved), "{error}");
    }
}
