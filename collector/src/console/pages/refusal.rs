//! `/console/refusal`: one refused payload, what was wrong with it, and judging it again.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection, rejection::QueryRejection},
    response::Redirect,
    routing::get,
};
use purchase_core::{json, wire::Envelope};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::purchase;
use crate::{
    console::{
        Console, ConsoleError,
        access::{Admin, SignedIn},
        answer::{Page, page},
        frame::Frame,
        steps::{self, Step},
    },
    judge::judge,
    message::{self, ServerMessage},
    proof::{Proof, judge_page},
    store::{
        Delivery,
        console::{Refusal, RefusalKey},
    },
};

/// The routes.
pub fn router() -> Router<Console> {
    Router::new().route("/console/refusal", get(show).post(judge_again))
}

#[derive(Deserialize)]
struct Key {
    site: String,
    digest: String,
}

impl From<Key> for RefusalKey {
    fn from(key: Key) -> RefusalKey {
        RefusalKey {
            site: key.site,
            digest: key.digest,
        }
    }
}

/// The address of a refusal's page.
pub fn address(site: &str, digest: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("site", site)
        .append_pair("digest", digest)
        .finish();
    format!("/console/refusal?{query}")
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    frame: Frame,
    refusal: Refusal,
    steps: Vec<Step>,
    pretty: String,
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    key: Result<Query<Key>, QueryRejection>,
) -> Page {
    let Query(key) = key.map_err(|_| ConsoleError::Malformed)?;
    let refusal = console
        .store
        .refusal(&key.into())
        .await?
        .ok_or(ConsoleError::NotFound)?;
    page(&RefusalPage {
        steps: steps::of_refusal(&frame.words, &refusal),
        pretty: purchase::pretty(&refusal.envelope),
        refusal,
        frame,
    })
}

/// Judges the payload once more by the rules of this version, as if it came now. Twice is harmless.
async fn judge_again(
    _: Admin,
    State(console): State<Console>,
    key: Result<Form<Key>, FormRejection>,
) -> Result<Redirect, ConsoleError> {
    let Form(key) = key.map_err(|_| ConsoleError::Malformed)?;
    let refusal = console
        .store
        .refusal(&key.into())
        .await?
        .ok_or(ConsoleError::NotFound)?;
    let delivery = |source: &'static str, gateway: Option<String>, captured_at| {
        Arc::new(Delivery {
            site: refusal.site.clone(),
            record_id: refusal.record_id.clone(),
            source,
            captured_at,
            page: refusal.page.clone(),
            gateway,
            text: refusal.envelope.clone(),
            sent_at: None,
            attempt: None,
        })
    };
    let (delivery, judgement, proof) = if refusal.source == message::SOURCE {
        let value = json::read(&refusal.envelope).map_err(|_| ConsoleError::Malformed)?;
        let message = ServerMessage::read(&value).map_err(|_| ConsoleError::Malformed)?;
        let judgement = judge(Ok(&message.purchase), &message.config, None);
        (
            delivery(message::SOURCE, None, refusal.first_at),
            judgement,
            Proof::Server,
        )
    } else {
        let envelope = Envelope::read(&refusal.envelope).map_err(|_| ConsoleError::Malformed)?;
        let (judgement, proof) = judge_page(&envelope, &console.secrets);
        let captured_at = i64::try_from(envelope.captured_at).unwrap_or(i64::MAX);
        let gateway = message::gateway_of(&envelope);
        (
            delivery(message::source_of(&envelope), gateway, captured_at),
            judgement,
            proof,
        )
    };
    let receipt = console.store.keep(delivery, judgement, proof).await?;
    Ok(Redirect::to(&match receipt.purchase_id {
        Some(id) => format!("{}&done=judged-again", purchase::address(&refusal.site, &id)),
        None => format!("{}&done=still-refused", address(&refusal.site, &refusal.digest)),
    }))
}
