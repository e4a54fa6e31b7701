//! `/console/test-purchase`: a purchase that goes the whole way and never counts.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::Redirect,
    routing::post,
};
use purchase_core::{json, wire::is_site_key};
use serde::Deserialize;
use serde_json::json;

use super::purchase;
use crate::{
    clock::now_ms,
    console::{Console, ConsoleError, access::Admin},
    judge::judge,
    message::ServerMessage,
    proof::Proof,
    store::{Delivery, TEST_SOURCE},
};

/// Bytes of the random part of a test purchase's id: no order has the same.
const ID_BYTES: usize = 8;

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/test-purchase", post(make))
}

#[derive(Deserialize)]
struct Wanted {
    site: String,
}

/// Makes one in the language of whoever wants it: it is judged and stored as any other, marked by its source, which no page and no server can send.
async fn make(
    Admin(frame): Admin,
    State(console): State<Console>,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<Redirect, ConsoleError> {
    let Form(Wanted { site }) = wanted.map_err(|_| ConsoleError::Malformed)?;
    if !is_site_key(&site) || console.sites.admit(&site, None).is_err() {
        return Err(ConsoleError::Malformed);
    }
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| ConsoleError::Failed)?;
    let id = format!("test-{:016x}", u64::from_le_bytes(bytes));
    let text = json!({
        "site": site,
        "purchase": {
            "purchase_id": id, "total_quantity": 1, "total_price": "10.00", "payment_method": frame.t("source-test"),
            "product_basket_item": [{
                "product_id": "test", "name": frame.t("test-title"), "url": "https://shop.example/test", "quantity": 1,
                "unit_price": "10.00", "price": "10.00",
            }],
        },
    })
    .to_string();
    let value = json::read(&text).map_err(|_| ConsoleError::Failed)?;
    let message = ServerMessage::read(&value).map_err(|_| ConsoleError::Failed)?;
    let now = now_ms();
    let judgement = judge(Ok(&message.purchase), &message.config, None);
    let delivery = Delivery {
        site: site.clone(),
        record_id: id.clone(),
        source: TEST_SOURCE,
        captured_at: now,
        page: None,
        gateway: None,
        text,
        sent_at: Some(now),
        attempt: Some(1),
    };
    console.store.keep(Arc::new(delivery), judgement, Proof::None).await?;
    Ok(Redirect::to(&format!(
        "{}&done=test-made",
        purchase::address(&site, &id)
    )))
}
