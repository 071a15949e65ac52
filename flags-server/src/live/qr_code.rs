//! The address of the page as a picture that a phone can read.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use qrcode::QrCode;
use qrcode::render::svg::Color;

/// A QR code of the address by which the request came: the one that the reader's browser
/// shows, and that has just led here. Names that somebody else may own are refused
/// before.
pub(super) async fn qr_code(headers: HeaderMap) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let code = host.and_then(|host| QrCode::new(format!("http://{host}/")).ok());
    let Some(code) = code else {
        return (StatusCode::BAD_REQUEST, "It came by no address.\n").into_response();
    };
    // Dark on light in a dark page too, as not every camera reads the opposite.
    let colours = [Color("#000"), Color("#fff")];
    let picture =
        code.render::<Color<'_>>().dark_color(colours[0]).light_color(colours[1]).build();
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")];
    (headers, picture).into_response()
}
