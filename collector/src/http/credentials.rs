//! What a request carries to prove who sent it.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::secrets::Credentials;

/// Carries a server message's signature.
const SIGNATURE: &str = "x-purchase-signature";

/// The text after `Bearer ` in the authorization; none if there is none of this scheme.
pub fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes)?;
    let (scheme, token) = given.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// A server message's credentials. A signature counts more than a secret beside it, because it says more.
pub fn of_server(headers: &HeaderMap) -> Option<Credentials<'_>> {
    match headers.get(SIGNATURE) {
        // A signature that is no text is a wrong one.
        Some(signature) => Some(Credentials::Signature(signature.to_str().unwrap_or_default())),
        None => bearer(headers).map(Credentials::Bearer),
    }
}

/// Whether the body is said to be JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let kind = content_type.and_then(|text| text.split(|byte| *byte == b';').next());
    kind.is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(b"application/json"))
}
