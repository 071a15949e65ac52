//! What happens, as server-sent events for whoever has the page open.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use flags_server::Connection;
use futures::stream::{self, Stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::history::{History, News, Reader};

pub(super) async fn events(
    State(history): State<Arc<History>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let reader = Reader::at(connection.client.ip());
    let page = Page { history, reader, news: None };
    let events =
        stream::unfold(page, |mut page| async { Some((Ok(page.next().await), page)) });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// One open page.
struct Page {
    history: Arc<History>,
    reader: Reader,
    /// What comes after everything that it was told last.
    news: Option<Receiver<News>>,
}

impl Page {
    async fn next(&mut self) -> Event {
        if let Some(news) = &mut self.news {
            match news.recv().await {
                Ok(News::Event(event)) => return event,
                // Where it was too slow for some of them, it gets everything anew. The
                // history, which sends them, is held by this reader itself, so it is
                // never closed.
                Ok(News::Everything) | Err(RecvError::Lagged(_) | RecvError::Closed) => {}
            }
        }
        let (text, news) = self.history.subscribe(self.reader).await;
        self.news = Some(news);
        Event::default().event("runs").data(text)
    }
}
