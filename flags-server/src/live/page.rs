//! The routes of the page.

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use flags_server::Connection;

use super::book::book;
use super::events::{events, runs};
use super::files::files;
use super::history::{History, Reader};
use super::origin::{is_by_foreign_name, is_from_this_page};
use super::qr_code::qr_code;
use super::report::report;
use crate::listen::page_url;

/// What the page may load: only what this server has, and nothing written into it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The page in front of the site of this name, which answers all that the page does not.
pub(crate) fn page(name: &str, site: Router, history: Arc<History>) -> Router {
    Router::new()
        .route("/live/events", get(events))
        .route("/live/runs.json", get(runs))
        .route("/live/qr.svg", get(qr_code))
        .route_layer(from_fn_with_state(Arc::clone(&history), refuse_foreign_names))
        .route("/live/clear", post(clear))
        .route("/live/undo", post(undo))
        .with_state(Arc::clone(&history))
        .merge(report(name, history))
        .merge(files())
        .layer(map_response(protect))
        .merge(book())
        .fallback_service(site)
}

async fn protect(mut response: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Keeps what is told of the runs from those who must not hear it.
async fn refuse_foreign_names(
    State(history): State<Arc<History>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_by_foreign_name(request.headers()) {
        return next.run(request).await;
    }
    let page = history.sites().first().map(|site| page_url(&site.url));
    let text = format!(
        "The runs are told only to a page that was opened by an address or as\n\
         localhost, since somebody else could make any other name lead here.\n\
         Open {} instead.\n",
        page.unwrap_or_default(),
    );
    (StatusCode::FORBIDDEN, text).into_response()
}

async fn clear(
    State(history): State<Arc<History>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = refusal(&connection, &headers) {
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    history.clear();
    StatusCode::NO_CONTENT.into_response()
}

async fn undo(
    State(history): State<Arc<History>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = refusal(&connection, &headers) {
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    if history.undo() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::CONFLICT, "Nothing was cleared in the last seconds.\n")
            .into_response()
    }
}

/// Why a request may not change what all others see, unless it may: only the machine of
/// this server does, which in a class is the teacher's.
fn refusal(connection: &Connection, headers: &HeaderMap) -> Option<&'static str> {
    if !Reader::at(connection.client.ip()).is_loopback {
        Some("Only a page that is open on the computer of this server may do this.\n")
    } else if !is_from_this_page(headers) {
        Some("Only the page of this server itself may do this.\n")
    } else {
        None
    }
}
