//! Answers without a receipt. None of them erases a record in a browser.

use std::time::Duration;

use axum::{
    Json,
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use purchase_core::wire::EnvelopeError;
use serde_json::json;

use crate::{message::MessageError, store::StoreError};

/// When to come again after a full or slow moment, in seconds.
const RETRY_SECONDS: u64 = 5;

/// When to come again after a database failure, in seconds.
const RETRY_STORE_SECONDS: u64 = 30;

/// Why there is no better answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// 400: the body is no envelope.
    #[error("{0}")]
    Envelope(#[from] EnvelopeError),
    /// 400: the body is no server message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// 400: the body is no text.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// 400: the body ended early.
    #[error("the body could not be read")]
    Body,
    /// 400: a query parameter of the read API is malformed.
    #[error("{0}")]
    Query(String),
    /// 401: no token, or another.
    #[error("send the read token as \"Authorization: Bearer TOKEN\"")]
    Token,
    /// 401: no secret, another, or a signature that does not hold; which of them is for nobody to know.
    #[error(
        "a server message needs the site's server secret as \"Authorization: Bearer SECRET\", or a signature of this body \
         in X-Purchase-Signature that is at most 5 minutes old"
    )]
    Secret,
    /// 403: a page sent what only a server may know.
    #[error("a server secret does not belong in browsers: whoever opens the page can read it; replace the secret")]
    SecretInBrowser,
    /// 403: the collector was started without a read token.
    #[error("reading is disabled: start the collector with --read-token")]
    ReadDisabled,
    /// 403: the site or the origin is not known.
    #[error("{0}")]
    Site(&'static str),
    /// 404
    #[error("there is nothing here")]
    NotFound,
    /// 413
    #[error("the body is larger than this collector accepts")]
    TooLarge,
    /// 429: the address or the site sent more than it may; the time until the next may come.
    #[error("too many requests; try again later")]
    Rate(Duration),
    /// 500: a bug; the log has the details.
    #[error("the collector failed")]
    Panic,
    /// 503: too many requests at a time.
    #[error("the collector is busy; try again later")]
    Busy,
    /// 503: the request took too long.
    #[error("the request took too long; try again later")]
    Slow,
    /// 503: the database failed; the log has the details. Nothing was kept.
    #[error("the collector cannot store anything now; try again later")]
    Store(#[from] StoreError),
}

impl HttpError {
    fn status(&self) -> StatusCode {
        match self {
            HttpError::Envelope(_)
            | HttpError::Message(_)
            | HttpError::NotUtf8
            | HttpError::Body
            | HttpError::Query(_) => StatusCode::BAD_REQUEST,
            HttpError::Token | HttpError::Secret => StatusCode::UNAUTHORIZED,
            HttpError::SecretInBrowser | HttpError::ReadDisabled | HttpError::Site(_) => StatusCode::FORBIDDEN,
            HttpError::NotFound => StatusCode::NOT_FOUND,
            HttpError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            HttpError::Rate(_) => StatusCode::TOO_MANY_REQUESTS,
            HttpError::Panic => StatusCode::INTERNAL_SERVER_ERROR,
            HttpError::Busy | HttpError::Slow | HttpError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn retry_seconds(&self) -> Option<u64> {
        match self {
            HttpError::Rate(wait) => Some(wait.as_secs().saturating_add(1)),
            HttpError::Busy | HttpError::Slow => Some(RETRY_SECONDS),
            HttpError::Store(_) => Some(RETRY_STORE_SECONDS),
            _ => None,
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        if let HttpError::Store(error) = &self {
            tracing::error!(%error, "database failed");
        }
        let mut response = (self.status(), Json(json!({ "error": self.to_string() }))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_seconds() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if matches!(self, HttpError::Token | HttpError::Secret) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<BytesRejection> for HttpError {
    fn from(rejection: BytesRejection) -> HttpError {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            HttpError::TooLarge
        } else {
            HttpError::Body
        }
    }
}
