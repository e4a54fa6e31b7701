//! A name for each request: in every line that the log has of it, and in its answer.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;
use uuid::Uuid;

/// The header that carries the name, from a proxy to here and in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest name that is taken from a proxy, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// Names the request as the proxy did, or anew.
pub async fn name(request: Request, next: Next) -> Response {
    let given = given(request.headers()).map(str::to_owned);
    let id = given.unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The proxy's name for the request, if it is a plain one.
fn given(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(is_plain);
    is_name.then_some(id)
}
