//! Looking up the name of a host, which never holds up the end of a program.
//!
//! The system takes its own time to give up a server of names that does not answer, ten
//! seconds and more. reqwest looks names up on a thread of the event loop, and so a run
//! whose flags have all timed out would still wait for that thread. This one nobody waits
//! for. It looks up each name once, however many connections ask for it, and tells all
//! who wait for it when there is none.

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
    loop {
        let question = questions.try_recv().or_else(|_| {
            // Nobody waits any more, and who asks later may have more luck.
            known.retain(|_, addresses: &mut Addresses| addresses.is_ok());
            questions.recv()
        });
        let Ok((name, sender)) = question else { return };
        let addresses = known
            .entry(name.as_str().to_owned())
            .or_insert_with_key(|host| look_up(host));
        // Who has asked may have given up.
        let _ = sender.send(copy(addresses));
    }
}

fn copy(addresses: &Addresses) -> Addresses {
    match addresses {
        Ok(addresses) => Ok(addresses.clone()),
        Err(error) => Err(match error.raw_os_error() {
            Some(number) => io::Error::from_raw_os_error(number),
            None => io::Error::new(error.kind(), error.to_string()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
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
    fn all_who_wait_for_a_name_are_told_at_once_that_there_is_none() {
        static LOOK_UPS: AtomicUsize = AtomicUsize::new(0);
        let (sender, questions) = channel();
        let ask = || {
            let (asked, addresses) = oneshot::channel();
            sender.send(("flags.example".parse().unwrap(), asked)).unwrap();
            addresses
        };
        let waiting = [ask(), ask(), ask()];
        let thread = thread::spawn(move || {
            answer(&questions, |_| {
                LOOK_UPS.fetch_add(1, Ordering::Relaxed);
                Err(io::ErrorKind::HostUnreachable.into())
            });
        });
        let is_told = |addresses: oneshot::Receiver<Addresses>| {
            let error = addresses.blocking_recv().unwrap().unwrap_err();
            error.kind() == io::ErrorKind::HostUnreachable
        };
        assert!(waiting.into_iter().all(is_told));
        assert_eq!(LOOK_UPS.load(Ordering::Relaxed), 1);
        drop(sender);
        thread.join().unwrap();
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
