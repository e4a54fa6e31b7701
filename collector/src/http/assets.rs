//! `/tag/…`: the tag's files, for pages of any origin.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{compression::CompressionLayer, services::ServeDir};

use super::HttpError;

/// A file whose name holds the digest of its content never changes.
const PINNED: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Shops that load the unpinned loader have a new version within minutes.
const UNPINNED: HeaderValue = HeaderValue::from_static("public, max-age=600");

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Serves the files of a folder, compressed. Only plain names: nothing outside of it can be asked for.
pub fn service(folder: &Path) -> Router {
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    Router::new()
        .fallback_service(files)
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(describe))
}

/// Sets what the file's name says about the file.
async fn describe(request: Request, next: Next) -> Result<Response, HttpError> {
    let name = request.uri().path().trim_start_matches('/').to_owned();
    let mut response = next.run(request).await;
    let is_file = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if !is_file && response.status() == StatusCode::NOT_FOUND {
        return Err(HttpError::NotFound);
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    if is_file {
        headers.insert(header::CACHE_CONTROL, if is_pinned(&name) { PINNED } else { UNPINNED });
        if let Some(content_type) = content_type(&name) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
    }
    Ok(response)
}

/// `purchase-tag-<8 hexadecimal digits>.<anything>`
fn is_pinned(name: &str) -> bool {
    let digest = name
        .strip_prefix("purchase-tag-")
        .and_then(|rest| rest.split_once('.'))
        .map(|(digest, _)| digest);
    digest.is_some_and(|digest| digest.len() == 8 && digest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Types that must be exact: browsers compile a stream only as `application/wasm` without parameters.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "map" | "json" => "application/json",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_pinned() {
        assert!(is_pinned("purchase-tag-0a1b2c3d.js"));
        assert!(is_pinned("purchase-tag-0a1b2c3d.wasm.map"));
        for name in [
            "purchase-tag.js",
            "purchase-tag-0a1b2c3.js",
            "purchase-tag-0a1b2c3g.js",
            "x/purchase-tag-0a1b2c3d.js",
        ] {
            assert!(!is_pinned(name), "{name}");
        }
    }
}
