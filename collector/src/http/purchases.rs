//! `POST /v1/purchases`: one envelope in, one receipt out, after the purchase is on the disk.

use std::time::Instant;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use purchase_core::wire::{Envelope, Outcome, Receipt};

use super::{App, HttpError};
use crate::{judge::judge, store::Delivery};

/// Most paths in one line of the log.
const PATHS_LOGGED_MAX: usize = 20;

/// The route; bodies are at most `body_bytes_max` bytes.
pub fn router(body_bytes_max: usize) -> Router<App> {
    Router::new().route(
        "/v1/purchases",
        post(receive).layer(DefaultBodyLimit::max(body_bytes_max)),
    )
}

async fn receive(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let started = Instant::now();
    let body = body?;
    let text = std::str::from_utf8(&body).map_err(|_| HttpError::NotUtf8)?;
    let envelope = Envelope::read(text)?;
    // An origin that is no text is none a browser sends, and none we know.
    let origin = headers
        .get(header::ORIGIN)
        .map(|origin| origin.to_str().unwrap_or_default());
    app.sites.admit(&envelope.site, origin).map_err(HttpError::Site)?;

    let judgement = judge(&envelope);
    let total_price = judgement
        .purchase
        .as_ref()
        .map(|purchase| purchase.total_price.to_string());
    let query = query.unwrap_or_default();
    let delivery = Delivery {
        site: &envelope.site,
        record_id: &envelope.id,
        source: envelope.source.name(),
        captured_at: i64::try_from(envelope.captured_at).unwrap_or(i64::MAX),
        page: envelope.page.as_deref(),
        text,
        sent_at: number(&query, "sent_at"),
        attempt: number(&query, "attempt"),
    };
    let receipt = app.store.keep(delivery, judgement).await?;
    log(&envelope, &receipt, total_price.as_deref(), started);
    Ok(answer(&receipt))
}

/// A non-negative number in the query. They are notes for people: what is malformed is left out.
fn number(query: &str, key: &str) -> Option<i64> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == key)?
        .1
        .parse()
        .ok()
        .filter(|number| *number >= 0)
}

fn answer(receipt: &Receipt) -> Response {
    let status = match receipt.outcome {
        Outcome::Accepted => StatusCode::CREATED,
        Outcome::Duplicate => StatusCode::OK,
        Outcome::Refused => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, receipt.to_text()).into_response()
}

fn log(envelope: &Envelope, receipt: &Receipt, total_price: Option<&str>, started: Instant) {
    let (site, source) = (envelope.site.as_str(), envelope.source.name());
    let purchase_id = receipt.purchase_id.as_deref().unwrap_or_default();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match receipt.outcome {
        Outcome::Accepted => {
            tracing::info!(site, purchase_id, total_price, source, ms, "purchase stored");
        }
        Outcome::Duplicate if receipt.conflict => {
            tracing::warn!(
                site,
                purchase_id,
                total_price,
                source,
                ms,
                "purchase differs from the stored one"
            );
        }
        Outcome::Duplicate => tracing::info!(site, purchase_id, source, ms, "purchase known"),
        Outcome::Refused => {
            let page = envelope.page.as_deref().unwrap_or_default();
            tracing::warn!(
                site,
                record_id = envelope.id,
                source,
                page,
                paths = paths(receipt),
                ms,
                "purchase refused"
            );
        }
    }
}

/// The paths of the errors, for the log; the texts may be personal and stay in the database.
fn paths(receipt: &Receipt) -> String {
    let errors = receipt
        .problems
        .iter()
        .filter(|problem| problem.severity == purchase_core::Severity::Error);
    errors
        .take(PATHS_LOGGED_MAX)
        .map(|problem| problem.path.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
