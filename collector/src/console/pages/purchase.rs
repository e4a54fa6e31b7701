//! `/console/purchase`: one purchase and what happened to it.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        frame::Frame,
        steps::{self, Step},
    },
    store::{DestinationHealth, Pass, PurchaseHistory, TEST_SOURCE},
};

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/purchase", get(show))
}

/// What names a purchase. Its id is any text, so it stands in the query and not in the path.
#[derive(Deserialize)]
struct Key {
    site: String,
    id: String,
}

/// The address of a purchase's page.
pub fn address(site: &str, id: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("site", site)
        .append_pair("id", id)
        .finish();
    format!("/console/purchase?{query}")
}

/// A line of the basket.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Line {
    pub name: Option<String>,
    pub product_id: Option<String>,
    pub quantity: Option<u64>,
    pub price: Option<String>,
}

/// What the page shows of the content.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    total_price: String,
    total_quantity: i64,
    currency: Option<String>,
    payment_method: Option<String>,
    purchase_date: Option<String>,
    cart_id: Option<String>,
    product_basket_item: Vec<Line>,
}

#[derive(Template)]
#[template(path = "purchase.html")]
struct PurchasePage {
    frame: Frame,
    history: PurchaseHistory,
    content: Content,
    steps: Vec<Step>,
    is_test: bool,
    pretty: String,
}

impl PurchasePage {
    fn pretty_of(&self, json: &str) -> String {
        pretty(json)
    }
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    key: Result<Query<Key>, QueryRejection>,
) -> Page {
    let Query(key) = key.map_err(|_| ConsoleError::Malformed)?;
    let history = console.store.history(&key.site, &key.id).await?;
    let history = history.ok_or(ConsoleError::NotFound)?;
    let mut passes = console.store.passes_of(&key.site, &key.id).await?;
    if passes.iter().any(|pass| pass.due_at.is_some()) {
        let health = console.store.destinations_health(Some(&key.site), now_ms()).await?;
        passes.iter_mut().for_each(|pass| postpone(pass, &health));
    }
    page(&PurchasePage {
        content: serde_json::from_str(history.facts.purchase.text()).unwrap_or_default(),
        steps: steps::of_purchase(&frame.words, &history, &passes),
        is_test: history.facts.source == TEST_SOURCE,
        pretty: pretty(history.facts.purchase.text()),
        history,
        frame,
    })
}

/// Nothing leaves before the destination's pause ends, whatever the entry itself waits for.
fn postpone(pass: &mut Pass, health: &[DestinationHealth]) {
    let of_it = health.iter().find(|row| row.destination == pass.destination);
    let until = of_it.and_then(|row| row.open_until);
    pass.due_at = pass.due_at.map(|due_at| due_at.max(until.unwrap_or(due_at)));
}

/// JSON on several lines; as it is if it is none.
pub fn pretty(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    let text = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
    text.unwrap_or_else(|| json.to_owned())
}
