//! From a page's result to an answer: the headers of all pages, and the pages about what went wrong.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{Console, access, frame::Frame};
use crate::store::StoreError;

/// Our own style sheet, and forms to ourselves. No script may run, wherever it came from.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                       base-uri 'none'; frame-ancestors 'none'";

/// What all pages say about themselves. Addresses of the console go nowhere else; its pages are in no cache, because they show
/// people's orders.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Nobody is signed in; the page they wanted.
    #[error("nobody is signed in")]
    SignIn(String),
    /// The reader's role does not allow it.
    #[error("an administrator may do this")]
    Role,
    /// Another site's page sent it.
    #[error("the request does not come from the console")]
    Origin,
    /// There is no such thing.
    #[error("there is nothing here")]
    NotFound,
    /// The address or the form is malformed.
    #[error("the request is malformed")]
    Malformed,
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    Attempts(u64),
    /// The database failed; the log has the details.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bug, or a machine without random numbers; the log has the details.
    #[error("the console failed")]
    Failed,
}

impl From<askama::Error> for ConsoleError {
    fn from(error: askama::Error) -> ConsoleError {
        tracing::error!(%error, "a page could not be written");
        ConsoleError::Failed
    }
}

/// The key of the text about an error; in the answer until [`dress`] writes the page.
#[derive(Clone, Copy)]
struct Mishap(&'static str);

impl IntoResponse for ConsoleError {
    fn into_response(self) -> Response {
        let (status, key) = match &self {
            ConsoleError::SignIn(path) => {
                let query = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("to", path)
                    .finish();
                return Redirect::to(&format!("/console/login?{query}")).into_response();
            }
            ConsoleError::Role => (StatusCode::FORBIDDEN, "error-role"),
            ConsoleError::Origin => (StatusCode::FORBIDDEN, "error-origin"),
            ConsoleError::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
            ConsoleError::Malformed => (StatusCode::BAD_REQUEST, "error-malformed"),
            ConsoleError::Attempts(_) => (StatusCode::TOO_MANY_REQUESTS, "error-attempts"),
            ConsoleError::Store(error) => {
                tracing::error!(%error, "database failed");
                (StatusCode::SERVICE_UNAVAILABLE, "error-store")
            }
            ConsoleError::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "error-failed"),
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Mishap(key));
        if let ConsoleError::Attempts(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A page's answer.
pub type Page = Result<Html<String>, ConsoleError>;

/// Writes a template.
///
/// # Errors
/// If it cannot be written.
pub fn page(template: &impl Template) -> Page {
    Ok(Html(template.render()?))
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    text: String,
}

/// Refuses what changes something and comes from elsewhere, writes the pages about errors, and sets the headers of all pages.
pub async fn dress(State(console): State<Console>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let is_foreign = changes && !access::is_own(request.headers());
    let (parts, body) = request.into_parts();
    let frame = Frame::of(&parts, &console);
    let mut response = if is_foreign {
        ConsoleError::Origin.into_response()
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    if let Some(Mishap(key)) = response.extensions().get().copied() {
        let text = frame.words.t(key);
        if let Ok(page) = page(&ErrorPage { frame, text }) {
            let (status, retry) = (response.status(), response.headers().get(header::RETRY_AFTER).cloned());
            response = (status, page).into_response();
            if let Some(retry) = retry {
                response.headers_mut().insert(header::RETRY_AFTER, retry);
            }
        }
    }
    for (name, value) in HEADERS {
        // The style sheet has its own rule for caches.
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
