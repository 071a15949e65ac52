//! Wrong on purpose: a future that says `Pending` and leaves its waker nowhere. What it
//! waits for happens, and nobody tells the loop. `sleep.rs` does it right: its `poll`
//! gives the waker to the loop before it says `Pending`. Here are the steps ❶ ❷ ❸ ❹:
//!
//! ```text
//! $ cargo run -p event-loop --bin event-loop-lost-wakeup
//! Begin(1)
//! Poll(0)
//! Pending(0)
//! Wait { sockets: 0, timeout: None }
//! The answer is there. The loop sleeps, and nobody has a waker to call.
//! 2 s later no step has followed: the task would wait for ever.
//! ```

use std::io::{self, Write};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use event_loop::{EventLoop, Step};
use flags_common::experiment;

/// How long we wait for what will not come.
const PATIENCE: Duration = Duration::from_secs(2);

/// An answer that another thread gives.
struct Answer(Arc<OnceLock<u32>>);

impl Future for Answer {
    type Output = u32;

    /// Wrong: the waker is in the context, and whoever gives the answer needs it.
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        match self.0.get() {
            Some(&answer) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }
}

fn lose_a_wakeup(out: &mut dyn Write) -> io::Result<()> {
    let (told, steps) = channel();
    let answer = Arc::new(OnceLock::new());
    let future = Answer(Arc::clone(&answer));
    // On a thread that nobody waits for, since its loop does not end.
    thread::Builder::new().spawn(move || {
        // The last steps, when the program ends, are told to nobody.
        let event_loop = EventLoop::new(move |step| told.send(step).unwrap_or(()))?;
        Ok::<_, io::Error>(event_loop.run([future]))
    })?;
    loop {
        let no_loop = || io::Error::other("the event loop cannot be made");
        let step = steps.recv().map_err(|_| no_loop())?;
        writeln!(out, "{step:?}")?;
        if matches!(step, Step::Wait { .. }) {
            break;
        }
    }
    let _ = answer.set(42);
    writeln!(
        out,
        "The answer is there. The loop sleeps, and nobody has a waker to call."
    )?;
    thread::sleep(PATIENCE);
    // Only a poll would be one: a system call that was interrupted begins to wait again.
    match steps.try_iter().find(|step| matches!(step, Step::Poll(_))) {
        None => writeln!(
            out,
            "{} s later no step has followed: the task would wait for ever.",
            PATIENCE.as_secs()
        ),
        Some(step) => writeln!(out, "{step:?}: the wake-up was not lost."),
    }
}

fn main() -> ExitCode {
    experiment::main(
        "Wrong on purpose: loses a wake-up, and waits in vain",
        lose_a_wakeup,
    )
}
