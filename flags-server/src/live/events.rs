//! What happens, as server-sent events for whoever has the page open.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::history::History;

pub(super) async fn events(
    State(history): State<Arc<History>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(Reader { history, changes: None }, |mut reader| async {
        Some((Ok(reader.next().await), reader))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// One open page.
struct Reader {
    history: Arc<History>,
    /// What comes after everything that it was told last.
    changes: Option<Receiver<Event>>,
}

impl Reader {
    async fn next(&mut self) -> Event {
        if let Some(changes) = &mut self.changes {
            match changes.recv().await {
                Ok(event) => return event,
                // It was too slow for some of them. The history, which sends them, is
                // held by this reader itself, so it is never closed.
                Err(RecvError::Lagged(_) | RecvError::Closed) => {}
            }
        }
        let (text, changes) = self.history.subscribe().await;
        self.changes = Some(changes);
        Event::default().event("runs").data(text)
    }
}
