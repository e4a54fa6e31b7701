//! What servers and scripts ask the shop: an order's status, and the gateway's notifications.

use std::sync::Arc;

use axum::{
    extract::{RawForm, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::Shop;
use crate::{orders::Change, status::Status};

/// `GET /order-status?purchase_id=…|cart_id=…`: the purchase as it is now. Empty values count as absent.
pub async fn order_status(State(shop): State<Arc<Shop>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let (number, cart) = (value(&query, "purchase_id"), value(&query, "cart_id"));
    if number.is_none() && cart.is_none() {
        return answer(
            StatusCode::BAD_REQUEST,
            &json!({ "error": "give a cart_id or a purchase_id" }),
        );
    }
    match shop.orders.find(number.as_deref(), cart.as_deref()) {
        Some(kept) => answer(StatusCode::OK, &kept.statement(&shop.origin, shop.platform)),
        None => answer(StatusCode::NOT_FOUND, &json!({ "error": "no such order" })),
    }
}

/// `POST /notify`: the gateway's server tells what became of a payment, with the secret that only it and the shop know.
pub async fn notify(State(shop): State<Arc<Shop>>, headers: HeaderMap, RawForm(form): RawForm) -> Response {
    let expected = format!("Bearer {}", shop.secret);
    if headers.get(header::AUTHORIZATION).map(|it| it.as_bytes()) != Some(expected.as_bytes()) {
        return answer(StatusCode::UNAUTHORIZED, &json!({ "error": "wrong or no secret" }));
    }
    let form = String::from_utf8_lossy(&form);
    let Some(status) = value(&form, "status").and_then(|word| Status::from_name(&word)) else {
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "error": "unknown status" }));
    };
    let kept = match shop
        .orders
        .change(&value(&form, "reference").unwrap_or_default(), status)
    {
        Change::Unknown => return answer(StatusCode::NOT_FOUND, &json!({ "error": "no such order" })),
        Change::None(kept) => kept,
        Change::Made(kept) => {
            shop.tell(&kept);
            kept
        }
    };
    answer(StatusCode::OK, &json!({ "order_status": kept.status.name() }))
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let known = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, known, body.to_string()).into_response()
}

fn value(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}
