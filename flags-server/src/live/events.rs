//! What the runs are, and what happens, as streams of pieces for those who read.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use flags_server::Connection;
use futures::stream;
use tokio::sync::watch::Receiver;

use super::history::{History, Reader};
use super::journal::{Entry, Journal};
use super::runs::{Everything, Forgotten};

/// Everything up to now, as JSON.
pub(super) async fn runs(
    State(history): State<Arc<History>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    let reader = Reader::at(connection.client.ip());
    let runs = Telling { history, reader, part: Part::Begin, frame: ["", ""] };
    let pieces = stream::unfold(runs, |mut runs| async {
        runs.next_piece().map(|piece| (piece, runs))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// The same as the first event, and then whatever happens, as server-sent events.
pub(super) async fn events(
    State(history): State<Arc<History>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
) -> Response {
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-cache")];
    let reader = Reader::at(connection.client.ip());
    let (journal, place) = history.subscribe();
    let frame = ["event: runs\ndata: ", "\n\n"];
    let runs = Telling { history, reader, part: Part::Begin, frame };
    let page = Page { runs, journal, place };
    let pieces = stream::unfold(page, |mut page| async {
        page.next_piece().await.map(|piece| (piece, page))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// The telling of everything to one reader.
struct Telling {
    history: Arc<History>,
    reader: Reader,
    part: Part,
    /// What stands before and after it.
    frame: [&'static str; 2],
}

/// What comes next.
enum Part {
    Begin,
    Runs(Everything),
    End,
}

impl Telling {
    /// The next piece of the text, up to its end.
    fn next_piece(&mut self) -> Option<io::Result<Bytes>> {
        match &mut self.part {
            Part::Begin => {
                let (head, everything) = self.history.everything(self.reader);
                self.part = Part::Runs(everything);
                Some(Ok((self.frame[0].to_owned() + &head).into()))
            }
            Part::Runs(everything) => {
                let piece = match self.history.next_piece(everything) {
                    Ok(Some(piece)) => Ok(piece),
                    Ok(None) => {
                        self.part = Part::End;
                        Ok(("]}".to_owned() + self.frame[1]).into())
                    }
                    Err(Forgotten) => {
                        Err(io::Error::other("a run was forgotten while it was told"))
                    }
                };
                Some(piece)
            }
            Part::End => None,
        }
    }
}

/// One open page.
struct Page {
    runs: Telling,
    journal: Receiver<Journal>,
    /// Where it is in the journal, once it knows everything up to then.
    place: u64,
}

impl Page {
    /// The next piece of the events. `None` where some that it has not read are
    /// forgotten: its connection is closed, and browsers come back by themselves.
    async fn next_piece(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(piece) = self.runs.next_piece() {
                return Some(piece);
            }
            let place = self.place;
            let journal = self.journal.wait_for(|journal| journal.end() > place);
            // The history, which is the other end, is held by this reader itself.
            let entry = journal.await.ok()?.get(place)?;
            self.place += 1;
            match entry {
                Entry::Piece(piece) => return Some(Ok(piece)),
                Entry::Everything => self.runs.part = Part::Begin,
            }
        }
    }
}
