//! Takes what a program says of its run at the end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use flags_server::Connection;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::history::History;
use super::runs::{Key, LONGEST_REPORT, Report, Reported};

/// How many reports may be on their way at once. A class of 30 fits, and what they take
/// of the memory until they are complete has a bound.
const AT_ONCE: usize = 64;
/// How long one may be on its way.
const PATIENCE: Duration = Duration::from_secs(10);

/// What there is to take reports.
#[derive(Clone)]
struct Desk {
    site: Arc<str>,
    history: Arc<History>,
    room: Arc<Semaphore>,
}

/// The route for the reports of those who download from the site of this name.
pub(super) fn report(name: &str, history: Arc<History>) -> Router {
    let desk = Desk { site: name.into(), history, room: Semaphore::new(AT_ONCE).into() };
    Router::new().route("/live/report", post(take)).with_state(desk)
}

/// Whose report it is follows from its agent and address, as it does for a request, so
/// nobody can report in the name of another machine.
///
/// By which name the client reached this server does not matter here, as it learns
/// nothing. The pages of other sites cannot report: without this server's consent, which
/// it never gives, a browser sends no JSON to another site.
async fn take(
    State(desk): State<Desk>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != "application/json") {
        return refuse("it is not of the type application/json");
    }
    let Ok(_room) = desk.room.try_acquire() else {
        let text = "Too many programs report at once.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    };
    let Ok(text) = timeout(PATIENCE, to_bytes(body, LONGEST_REPORT)).await else {
        return refuse("it does not arrive");
    };
    // Where it is not too long, the client is gone, and hears nothing.
    let Ok(text) = text else {
        let text = "A report has at most 256 KiB.\n";
        return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
    };
    let report = match Report::parse(&text) {
        Ok(report) => report,
        Err(reason) => return refuse(&reason),
    };
    let address = connection.client.ip().to_canonical();
    let agent = headers.get(USER_AGENT).map_or(&[][..], HeaderValue::as_bytes);
    match desk.history.report(&Key { site: &desk.site, address, agent }, report) {
        Reported::Now => StatusCode::NO_CONTENT.into_response(),
        Reported::Before => {
            (StatusCode::CONFLICT, "This run was reported before.\n").into_response()
        }
        Reported::NoSuchRun => {
            (StatusCode::NOT_FOUND, "There is no such run.\n").into_response()
        }
    }
}

fn refuse(reason: &str) -> Response {
    let text = format!("This is no report of a run: {reason}.\n");
    (StatusCode::BAD_REQUEST, text).into_response()
}
