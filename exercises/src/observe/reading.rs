//! A source that sends an image in pieces, and a beat after each of them.

use std::io;
use std::time::Duration;

use flags_common::countries::ALL;
use flags_server::countries;
use tokio::runtime;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::timeout;

use super::tell;

/// How many bytes come at once.
const PIECE: usize = 64;

/// How long a beat waits to be taken. Who listens takes it in no time.
const PATIENCE: Duration = Duration::from_secs(3);

/// Has an image read that comes in pieces, with a beat after each piece, and tells the
/// check what `read` has made of it. Which image it is differs from run to run.
///
/// The next thing is sent only when the last one was taken, so that pieces and beats take
/// turns, however busy the computer is.
///
/// # Errors
///
/// When the system has no descriptor left for an event loop.
///
/// # Panics
///
/// When `read` does.
pub fn reading(
    read: impl AsyncFnOnce(Receiver<Vec<u8>>, Receiver<()>) -> Vec<u8>,
) -> io::Result<()> {
    let code = ALL[std::process::id() as usize % ALL.len()];
    let sent = countries::find(code).expect("all of these have a flag").image;
    let (pieces, pieces_to_read) = mpsc::channel(1);
    let (beats, beats_to_take) = mpsc::channel(1);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (read, taken) = runtime.block_on(async {
        tokio::join!(read(pieces_to_read, beats_to_take), send(sent, pieces, beats))
    });
    tell("pieces", sent.len().div_ceil(PIECE));
    tell("beats-taken", taken);
    tell("bytes-sent", sent.len());
    tell("bytes-read", read.len());
    tell("is-the-same", read == sent);
    Ok(())
}

/// Sends all of it, and returns how many beats were taken. When nobody has taken one,
/// there are no more of them.
async fn send(image: &[u8], pieces: Sender<Vec<u8>>, beats: Sender<()>) -> usize {
    let mut beats = Some(beats);
    let mut taken = 0;
    for piece in image.chunks(PIECE) {
        // There is room again when the piece was taken.
        if pieces.send(piece.to_vec()).await.is_err() || pieces.reserve().await.is_err() {
            break;
        }
        if let Some(sender) = beats.take() {
            let beat = async {
                let _ = sender.send(()).await;
                sender.reserve().await.is_ok()
            };
            if let Ok(true) = timeout(PATIENCE, beat).await {
                taken += 1;
                beats = Some(sender);
            }
        }
    }
    taken
}
