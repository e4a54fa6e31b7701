//! `/console/purchases`: the list, searched and narrowed.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};
use serde::Deserialize;

use super::list_query::{ListQuery, ROWS};
use crate::{
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        frame::Frame,
        problems,
        steps::Outcome,
    },
    message::ORDER_STATUS_SOURCE,
    problem,
    store::{
        TEST_SOURCE,
        console::{LATE_MINUTES, Listed, MINUTE_MS, Place, SEARCHED_MAX},
    },
};

/// The states by rank.
const STATES: [&str; 5] = ["completed", "pending", "created", "unknown", "canceled"];

/// Where purchases come from.
const SOURCES: [&str; 7] = [
    "markup",
    "call",
    "data-layer",
    "json",
    ORDER_STATUS_SOURCE,
    "server",
    TEST_SOURCE,
];

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/purchases", get(show))
}

/// A row as it is shown.
pub struct Row {
    pub href: String,
    pub id: String,
    pub site: String,
    pub at: i64,
    pub state: String,
    pub placed: bool,
    pub source: String,
    pub total: String,
    pub method: String,
    pub delay: i64,
    pub is_late: bool,
    pub is_test: bool,
    pub has_warnings: bool,
    pub conflicts: i64,
    pub is_given_up: bool,
}

#[derive(Template)]
#[template(path = "purchases.html")]
struct Purchases {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    rows: Vec<Row>,
    next: Option<String>,
    /// When the purchases were received that were not looked at, if the page ends there: then or before.
    horizon: Option<i64>,
    /// How many were looked at then.
    searched: i64,
}

impl Purchases {
    fn states(&self) -> [&'static str; 5] {
        STATES
    }

    fn sources(&self) -> [&'static str; 7] {
        SOURCES
    }
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let found = console.store.search(&query.search(&frame.words.zone)).await?;
    let mut listed = found.rows;
    let has_more = listed.len() > ROWS;
    listed.truncate(ROWS);
    let last = listed.last().filter(|_| has_more).map(|row| Place {
        at: row.received_at,
        site: row.site.clone(),
        id: row.purchase_id.clone(),
    });
    let horizon = found.horizon.filter(|_| !has_more);
    // Before every row of this time: no key is less than none.
    let beyond = horizon.map(|at| Place { at, ..Place::default() });
    page(&Purchases {
        next: last.or(beyond).map(|place| query.address("/console/purchases", &place)),
        horizon,
        searched: SEARCHED_MAX,
        sites: console.site_keys().await?,
        rows: listed.into_iter().map(|listed| row(listed, &frame)).collect(),
        frame,
        query,
    })
}

/// The part of a stored purchase that lists show and no column has.
#[derive(Default, Deserialize)]
pub struct Content {
    #[serde(default)]
    pub currency: Option<String>,
}

fn row(listed: Listed, frame: &Frame) -> Row {
    let content: Content = serde_json::from_str(&listed.purchase).unwrap_or_default();
    let outcome = problems::outcome(&problem::read(&listed.problems));
    Row {
        href: super::purchase::address(&listed.site, &listed.purchase_id),
        total: frame.words.amount(&listed.total_price, content.currency.as_deref()),
        is_late: listed.delay >= LATE_MINUTES * MINUTE_MS,
        is_test: listed.source == TEST_SOURCE,
        has_warnings: outcome != Outcome::Succeeded,
        method: listed.payment_method.unwrap_or_default(),
        id: listed.purchase_id,
        site: listed.site,
        at: listed.received_at,
        state: listed.state,
        placed: listed.placed,
        source: listed.source,
        delay: listed.delay,
        conflicts: listed.conflicts,
        is_given_up: listed.is_given_up,
    }
}
