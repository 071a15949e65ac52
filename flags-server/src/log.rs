//! One line per request, for those who want to watch.

use std::io::{self, Write};

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{ConnectInfo, Request};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::Response;

use crate::connections::Connection;
use crate::site::Delay;

/// Adds a line on stderr for every request: client, method, path, status, bytes, delay.
/// The client's address comes from [`serve`](crate::serve).
pub fn log_requests(app: Router) -> Router {
    app.layer(middleware::from_fn(log))
}

async fn log(
    ConnectInfo(Connection { client, .. }): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let is_head = request.method() == Method::HEAD;
    let mut line = Line {
        request: format!("{client} {} {}", request.method(), request.uri().path()),
        outcome: "was not answered".to_owned(),
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let bytes = if is_head { 0 } else { response.body().size_hint().lower() };
    let delay = response.extensions().get().map_or(0.0, |Delay(time)| time.as_secs_f64());
    line.outcome = format!("{status} {bytes} bytes after {delay:.3}s");
    response
}

/// Written when it is dropped, which happens to every request, even to one that is not
/// run to its end because the client went away.
struct Line {
    request: String,
    outcome: String,
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = format!("{} {}\n", self.request, self.outcome);
        // In one piece, so that lines of two threads do not mix. Nobody may be there
        // to read it, which must not stop the site.
        let _ = io::stderr().write_all(line.as_bytes());
    }
}
