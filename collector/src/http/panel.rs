//! `/`: the page that shows arriving purchases, built into the binary.

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// The page's own files and the read API, nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                                       connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The routes.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let page = || async {
        file(
            "text/html; charset=utf-8",
            include_str!("../../../www/panel/index.html"),
        )
    };
    let style = || async { file("text/css; charset=utf-8", include_str!("../../../www/panel/panel.css")) };
    let script = || async {
        file(
            "text/javascript; charset=utf-8",
            include_str!("../../../www/panel/panel.js"),
        )
    };
    Router::new()
        .route("/", get(page))
        .route("/panel.css", get(style))
        .route("/panel.js", get(script))
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        // The files belong to the binary: a new one has new ones.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
