//! The end of what is running, when the runner is to end before it.

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long the programs may take to end that are stopped. They are not asked, and it is
/// a moment.
const MOMENT: Duration = Duration::from_secs(2);

/// Whether all runs are to end. Each of them listens until it has left nothing.
static IS_STOPPED: LazyLock<watch::Sender<bool>> =
    LazyLock::new(|| watch::Sender::new(false));

/// Stops the programs of the reader that are running, and removes what they have left.
///
/// This process is to end then: a check never learns what has become of its run, and so
/// says nothing about a program that was stopped for another reason than what it did.
pub fn stop_all() {
    IS_STOPPED.send_replace(true);
    let runtime = runtime::Builder::new_current_thread().enable_time().build();
    if let Ok(runtime) = runtime {
        let _ = runtime.block_on(async { timeout(MOMENT, IS_STOPPED.closed()).await });
    }
}

/// What a run has to listen to.
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(super) fn listen() -> Self {
        Self(IS_STOPPED.subscribe())
    }

    /// Waits until all runs are to end.
    pub(super) async fn asked(&mut self) {
        // It is an error only where there is no sender any more, and that is a static.
        let _ = self.0.wait_for(|&is_stopped| is_stopped).await;
    }

    /// To be called when nothing of a run is left. Where all are to end, it does not
    /// return: the process ends meanwhile.
    pub(super) fn has_left_nothing(self) {
        let is_stopped = *self.0.borrow();
        drop(self);
        if is_stopped {
            loop {
                thread::park();
            }
        }
    }
}
