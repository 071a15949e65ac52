//! The files that the page is made of, which are part of the program.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flags_server::{FlagFile, countries};

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FILES: [(&str, &str, &str); 35] = [
    ("/", HTML, include_str!("../../page/index.html")),
    ("/live/style.css", STYLE, include_str!("../../page/style.css")),
    ("/live/compare.css", STYLE, include_str!("../../page/compare.css")),
    ("/live/replay.css", STYLE, include_str!("../../page/replay.css")),
    ("/live/main.js", SCRIPT, include_str!("../../page/main.js")),
    ("/live/announcer.js", SCRIPT, include_str!("../../page/announcer.js")),
    ("/live/block.js", SCRIPT, include_str!("../../page/block.js")),
    ("/live/board.js", SCRIPT, include_str!("../../page/board.js")),
    ("/live/chart.js", SCRIPT, include_str!("../../page/chart.js")),
    ("/live/chooser.js", SCRIPT, include_str!("../../page/chooser.js")),
    ("/live/clearing.js", SCRIPT, include_str!("../../page/clearing.js")),
    ("/live/compare.js", SCRIPT, include_str!("../../page/compare.js")),
    ("/live/comparison.js", SCRIPT, include_str!("../../page/comparison.js")),
    ("/live/connection.js", SCRIPT, include_str!("../../page/connection.js")),
    ("/live/controls.js", SCRIPT, include_str!("../../page/controls.js")),
    ("/live/en.js", SCRIPT, include_str!("../../page/en.js")),
    ("/live/first.js", SCRIPT, include_str!("../../page/first.js")),
    ("/live/keys.js", SCRIPT, include_str!("../../page/keys.js")),
    ("/live/ko.js", SCRIPT, include_str!("../../page/ko.js")),
    ("/live/marks.js", SCRIPT, include_str!("../../page/marks.js")),
    ("/live/moment.js", SCRIPT, include_str!("../../page/moment.js")),
    ("/live/pointing.js", SCRIPT, include_str!("../../page/pointing.js")),
    ("/live/printing.js", SCRIPT, include_str!("../../page/printing.js")),
    ("/live/replay-marks.js", SCRIPT, include_str!("../../page/replay-marks.js")),
    ("/live/replay.js", SCRIPT, include_str!("../../page/replay.js")),
    ("/live/row.js", SCRIPT, include_str!("../../page/row.js")),
    ("/live/runs.js", SCRIPT, include_str!("../../page/runs.js")),
    ("/live/scale.js", SCRIPT, include_str!("../../page/scale.js")),
    ("/live/section.js", SCRIPT, include_str!("../../page/section.js")),
    ("/live/strip.js", SCRIPT, include_str!("../../page/strip.js")),
    ("/live/table.js", SCRIPT, include_str!("../../page/table.js")),
    ("/live/text.js", SCRIPT, include_str!("../../page/text.js")),
    ("/live/view.js", SCRIPT, include_str!("../../page/view.js")),
    ("/live/words.js", SCRIPT, include_str!("../../page/words.js")),
    ("/live/work.js", SCRIPT, include_str!("../../page/work.js")),
];

/// The routes to all of them, and to the pictures of the flags.
pub(super) fn files() -> Router {
    let mut routes = Router::new().route("/live/flags/{*path}", get(picture));
    for (path, content_type, text) in FILES {
        // Without a version of its own, a file of yesterday's server could be shown.
        let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")];
        routes = routes.route(path, get((headers, text)));
    }
    routes
}

/// The flags again, below `/live`, where they are neither slow nor faulty.
async fn picture(uri: Uri) -> Response {
    let country = match uri.path().strip_prefix("/live").and_then(FlagFile::at) {
        Some(FlagFile::Image(code)) => countries::find(code),
        _ => None,
    };
    let Some(country) = country else {
        return (StatusCode::NOT_FOUND, "There is no such flag.\n").into_response();
    };
    let headers = [(CONTENT_TYPE, "image/gif"), (CACHE_CONTROL, "max-age=86400")];
    (headers, country.image).into_response()
}
