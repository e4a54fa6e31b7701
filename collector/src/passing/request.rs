//! One request to a destination, as a value.

use std::fmt;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the methods of HTTP")]
pub enum Method {
    Get,
    Patch,
    Post,
}

/// What a request is for; it decides how its answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It carries the purchase, or one part of it.
    Deliver,
    /// It makes the buyer known, who must be before the purchase.
    CreateContact,
    /// It asks whether the purchase is there.
    Verify,
}

/// One request, complete but for the connection.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What it is for.
    pub purpose: Purpose,
    /// Its method.
    pub method: Method,
    /// Its whole address.
    pub url: String,
    /// Names in lower case, and values; those that are secret are never shown.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Option<String>,
}

/// Headers whose values are shown.
const PUBLIC_HEADERS: [&str; 6] = [
    "accept",
    "content-type",
    "idempotency-key",
    "revision",
    "x-purchase-event",
    "x-purchase-id",
];

impl fmt::Debug for Request {
    /// Without secrets and without the buyer's data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (*name, if PUBLIC_HEADERS.contains(name) { value } else { "…" }))
            .collect();
        f.debug_struct("Request")
            .field("purpose", &self.purpose)
            .field("method", &self.method)
            .field("headers", &headers)
            .field("body_bytes", &self.body.as_ref().map(String::len))
            .finish_non_exhaustive()
    }
}
