//! Delivery to a queue: the call returns at once, and the answer waits in a queue until
//! somebody takes it.
//!
//! - **The error** belongs to whoever takes it from the queue, which may be another
//!   thread, and another person's code, than the one that asked.
//! - **To cancel**, drop the receiver: that gives up all answers of the queue. The
//!   fetches go on.
//! - **Two in a row** are ask, take, ask, take: straight, but who takes has to wait.
//!
//! The only style that keeps answers for later, and lets one thread take those of many
//! fetches, in the order in which they come.

use std::sync::mpsc::{self, Sender};

use flags_common::FlagError;
use ureq::Agent;

use crate::callback::asynchronous_fetch;
use crate::{Answer, flag_url};

/// An answer, and the URL that it is for: in a queue it has lost its question.
pub type Delivery = (String, Answer);

/// Starts to fetch what is at `url`, and has the answer delivered to `queue`.
pub fn fetch_to_queue(agent: &Agent, url: &str, queue: &Sender<Delivery>) {
    let (queue, asked) = (queue.clone(), url.to_owned());
    asynchronous_fetch(agent, url, move |answer| {
        // This fails when the receiver is gone, so that nobody wants the answer.
        let _ = queue.send((asked, answer));
    });
}

/// Fetches the metadata at `url`, and then the flag that it names.
///
/// # Errors
///
/// The first error of the two.
pub fn two_in_a_row(agent: &Agent, url: &str) -> Answer {
    let (queue, deliveries) = mpsc::channel();
    fetch_to_queue(agent, url, &queue);
    let (url, metadata) = deliveries.recv().map_err(|_| FlagError::Abandoned)?;
    fetch_to_queue(agent, &flag_url(&url, &metadata?)?, &queue);
    let (_, flag) = deliveries.recv().map_err(|_| FlagError::Abandoned)?;
    flag
}
