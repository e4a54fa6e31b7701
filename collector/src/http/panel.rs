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

/// Path, type and text of each file.
const FILES: [(&str, &str, &str); 6] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("../../../www/panel/index.html"),
    ),
    (
        "/panel.css",
        "text/css; charset=utf-8",
        include_str!("../../../www/panel/panel.css"),
    ),
    ("/panel.js", SCRIPT, include_str!("../../../www/panel/panel.js")),
    ("/elements.js", SCRIPT, include_str!("../../../www/panel/elements.js")),
    ("/purchases.js", SCRIPT, include_str!("../../../www/panel/purchases.js")),
    ("/checkouts.js", SCRIPT, include_str!("../../../www/panel/checkouts.js")),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The routes.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (path, content_type, text)| {
            router.route(path, get(move || async move { file(content_type, text) }))
        })
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
