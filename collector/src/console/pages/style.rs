//! The style sheet and the icon, built into the binary.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::console::Console;

/// The routes.
pub fn router() -> Router<Console> {
    Router::new()
        .route(
            "/console/console.css",
            get(|| file("text/css; charset=utf-8", include_str!("../views/console.css"))),
        )
        .route(
            "/console/icon.svg",
            get(|| file("image/svg+xml", include_str!("../views/icon.svg"))),
        )
}

async fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        // It belongs to the binary: a new one has a new one.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
