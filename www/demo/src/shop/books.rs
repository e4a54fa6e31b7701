//! The page of the program in which the shop keeps its books, and where the collector's webhooks arrive.

use std::sync::Arc;

use axum::{
    Form,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use minijinja::context;

use super::{Fields, Shop, field};
use crate::erp::{Message, Mood, Refusal};

/// What the page says of each [`Mood`].
const MOODS: [(Mood, &str, &str); 3] = [
    (Mood::Takes, "Take them", "200: the console shows them as passed on"),
    (
        Mood::Busy,
        "Be out of order",
        "503: the collector tries again by itself; after five failures it waits before the next",
    ),
    (
        Mood::Refuses,
        "Refuse them",
        "422: the collector gives up, and the console offers to pass them on again",
    ),
];

/// `GET /erp`: what arrived.
pub async fn page(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let mood = shop.erp.mood();
    let moods = MOODS.map(|(one, title, text)| {
        context! { name => one.name(), title, text, chosen => one == mood }
    });
    let row = |message: &Message| {
        let purchase = |name: &str| message.purchase[name].as_str().unwrap_or_default().to_owned();
        context! {
            id => message.id.as_str(),
            number => message.purchase_id.as_str(),
            event => message.event.as_str(),
            total => purchase("total_price"),
            currency => purchase("currency"),
            times => message.times,
        }
    };
    let messages: Vec<_> = shop.erp.messages().iter().map(row).collect();
    shop.page(
        "erp.html",
        &shop.cart(&headers),
        context! { messages, moods => moods.to_vec() },
    )
}

/// `POST /erp`: the collector passes something on. 200, 401 (signature), 400, or what the [`Mood`] says.
pub async fn take(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    let signature = headers.get("x-purchase-signature").and_then(|it| it.to_str().ok());
    match shop.erp.take(signature.unwrap_or_default(), &body, Timestamp::now()) {
        Ok(()) => (StatusCode::OK, "taken\n"),
        Err(Refusal::Signature) => (StatusCode::UNAUTHORIZED, "the signature is wrong or old\n"),
        Err(Refusal::Malformed) => (StatusCode::BAD_REQUEST, "this is no message about a purchase\n"),
        Err(Refusal::Mood(Mood::Refuses)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "refused, as chosen on the page /erp of the shop\n",
        ),
        Err(Refusal::Mood(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "out of order, as chosen on the page /erp of the shop\n",
        ),
    }
    .into_response()
}

/// `POST /erp/answer`: what it answers from now on.
pub async fn choose(State(shop): State<Arc<Shop>>, Form(fields): Fields) -> Redirect {
    let name = field(&fields, "answer");
    if let Some(mood) = Mood::ALL.into_iter().find(|mood| mood.name() == name) {
        shop.erp.set_mood(mood);
    }
    Redirect::to("/erp")
}
