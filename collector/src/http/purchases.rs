//! `POST /v1/purchases`: one envelope or server message in, one receipt out, after what it says is on the disk.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use purchase_core::{
    Judgement,
    checkout::CheckoutReport,
    json,
    wire::{Envelope, EnvelopeError, Outcome, PageConfig, Receipt},
};

use super::{App, HttpError, credentials, log};
use crate::{
    clock,
    judge::{judge, totals},
    message::{self, ServerMessage},
    proof::{Proof, judge_page},
    redact,
    secrets::Credentials,
    store::{Delivery, digest},
};

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
    // An origin that is no text is none a browser sends, and none we know.
    let origin = headers
        .get(header::ORIGIN)
        .map(|origin| origin.to_str().unwrap_or_default());
    let given = credentials::of_server(&headers);
    let query = query.unwrap_or_default();
    let (sent_at, attempt) = (number(&query, "sent_at"), number(&query, "attempt"));

    if given.is_some() || credentials::is_json(&headers) {
        let value = json::read(text).map_err(EnvelopeError::Json)?;
        if value.get("v").is_none() {
            let message = ServerMessage::read(&value)?;
            app.sites.admit(&message.site, None).map_err(HttpError::Site)?;
            if given.is_some() && origin.is_some() {
                return Err(HttpError::SecretInBrowser);
            }
            if !given.is_some_and(|given| app.is_server(&message.site, given, &body)) {
                return Err(HttpError::Secret);
            }
            app.admit_rate(&message.site)?;
            let delivery = Delivery {
                site: message.site.clone(),
                record_id: digest::of_text(text),
                source: message::SOURCE,
                captured_at: clock::now_ms(),
                page: None,
                gateway: None,
                text: message.kept(text).into(),
                sent_at,
                attempt,
            };
            let judgement = judge(Ok(&message.purchase), &message.config, None);
            return keep(&app, delivery, judgement, Proof::Server, started).await;
        }
    }

    let envelope = Envelope::read(text)?;
    if let Err(reason) = app.sites.admit(&envelope.site, origin) {
        log::stranger(&envelope.site, origin.unwrap_or_default(), reason);
        return Err(HttpError::Site(reason));
    }
    // What a proxy may add to a page's request is none of our concern, but this site's own secret is.
    if origin.is_some() && given.is_some_and(|given| app.is_server(&envelope.site, given, &body)) {
        return Err(HttpError::SecretInBrowser);
    }
    app.admit_rate(&envelope.site)?;
    let delivery = Delivery {
        site: envelope.site.clone(),
        record_id: envelope.id.clone(),
        source: message::source_of(&envelope),
        captured_at: i64::try_from(envelope.captured_at).unwrap_or(i64::MAX),
        page: envelope.page.clone(),
        gateway: message::gateway_of(&envelope),
        text: text.to_owned(),
        sent_at,
        attempt,
    };
    match &envelope.checkout {
        Some(report) => keep_report(&app, delivery, report, &envelope.config, started).await,
        None => {
            let (judgement, proof) = judge_page(&envelope, &app.secrets);
            keep(&app, delivery, judgement, proof, started).await
        }
    }
}

impl App {
    /// Counts a message of a site that is admitted.
    fn admit_rate(&self, site: &str) -> Result<(), HttpError> {
        self.rates.site(site).map_err(HttpError::Rate)
    }

    fn count(&self, delivery: &Delivery, receipt: &Receipt) {
        let site = (!self.sites.is_open()).then_some(delivery.site.as_str());
        self.metrics.message(site, delivery, receipt.outcome);
    }

    /// Whether the request comes from the site's server.
    fn is_server(&self, site: &str, given: Credentials<'_>, body: &[u8]) -> bool {
        let seconds = u64::try_from(clock::now_ms() / 1000).unwrap_or_default();
        self.secrets.admit(site, given, body, seconds)
    }
}

async fn keep(
    app: &App,
    delivery: Delivery,
    judgement: Judgement,
    proof: Proof,
    started: Instant,
) -> Result<Response, HttpError> {
    let facts = judgement.purchase.as_ref().map(log::Facts::of);
    let delivery = Arc::new(delivery);
    let receipt = app.store.keep(Arc::clone(&delivery), judgement, proof).await?;
    log::purchase(&delivery, &receipt, facts.as_ref(), started);
    app.count(&delivery, &receipt);
    Ok(answer(&receipt))
}

async fn keep_report(
    app: &App,
    delivery: Delivery,
    report: &CheckoutReport,
    config: &PageConfig,
    started: Instant,
) -> Result<Response, HttpError> {
    // A checkout is no purchase: nobody asked for its buyer.
    let text = redact::without_contact(&delivery.text).into();
    let delivery = Arc::new(Delivery { text, ..delivery });
    let totals = report.contents.as_ref().map(|contents| totals(contents, config));
    let gateway = report.gateway.as_deref().and_then(redact::rest_without_person);
    let report = CheckoutReport {
        gateway,
        ..report.clone()
    };
    let receipt = app
        .store
        .keep_report(Arc::clone(&delivery), report.clone(), totals)
        .await?;
    log::report(&delivery, &report, &receipt, started);
    app.count(&delivery, &receipt);
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
