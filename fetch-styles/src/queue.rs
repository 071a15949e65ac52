//! Delivery to a queue: the call returns at once, and the answer waits in a queue until
//! somebody takes it.
//!
//! - **Asynchronous:** yes. **Non-blocking:** no; to take from an empty queue holds the
//!   thread. Looking now and then (`try_recv`) does not, but then the answer waits.
//! - **The error** belongs to whoever takes it from the queue, which may be another
//!   thread, and another person's code, than the one that asked.
//! - **To cancel**, drop the receiver: that gives up all answers of the queue. The
//!   fetches go on.
//! - **Two in a row** are ask, take, ask, take: straight, but who takes has to wait.
//! - **A hundred at once** need no more threads than one does, and one loop takes all.
//!
//! The only style that keeps answers for later, and lets one thread take those of many
//! fetches, in the order in which they come.

use std::sync::mpsc::{self, Sender};

use crate::callback::asynchronous_fetch;
use crate::fetcher::Fetcher;
use crate::{Answer, flag_url};

/// An answer, and the URL that it is for: in a queue it has lost its question.
pub type Delivery = (String, Answer);

/// Starts to fetch what is at `url`, and has the answer delivered to `queue`.
pub fn fetch_to_queue(fetcher: &Fetcher, url: &str, queue: &Sender<Delivery>) {
    let (queue, asked) = (queue.clone(), url.to_owned());
    asynchronous_fetch(fetcher, url, move |answer| {
        // This fails when the receiver is gone, so that nobody wants the answer.
        let _ = queue.send((asked, answer));
    });
}

/// Fetches the metadata at `url`, and then the flag that it names.
///
/// # Errors
///
/// The first error of the two.
///
/// # Panics
///
/// Never: the queue is open for as long as this function has a sender.
pub fn two_in_a_row(fetcher: &Fetcher, url: &str) -> Answer {
    let (queue, deliveries) = mpsc::channel();
    fetch_to_queue(fetcher, url, &queue);
    let (url, metadata) = deliveries.recv().expect("`queue` is a sender");
    fetch_to_queue(fetcher, &flag_url(&url, &metadata?)?, &queue);
    let (_, flag) = deliveries.recv().expect("`queue` is a sender");
    flag
}
