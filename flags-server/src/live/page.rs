//! The routes of the page.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::book::book;
use super::events::events;
use super::files::files;
use super::history::History;
use super::origin::is_from_this_page;

/// What the page may load: only what this server has, and nothing written into it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The page in front of a site, which answers all that the page does not.
pub(crate) fn page(site: Router, history: Arc<History>) -> Router {
    Router::new()
        .route("/live/events", get(events))
        .route("/live/runs.json", get(runs))
        .route("/live/clear", post(clear))
        .with_state(history)
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

async fn runs(State(history): State<Arc<History>>) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, history.to_json().await)
}

async fn clear(State(history): State<Arc<History>>, headers: HeaderMap) -> Response {
    if !is_from_this_page(&headers) {
        let refusal = "Only the page of this server itself may do this.\n";
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    history.clear();
    StatusCode::NO_CONTENT.into_response()
}
