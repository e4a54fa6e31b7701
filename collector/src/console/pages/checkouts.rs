//! `/console/checkouts`: shoppers who left for a gateway and of whom nothing was heard since.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};

use super::list_query::{ListQuery, ROWS};
use crate::{
    clock::now_ms,
    console::{
        Console, ConsoleError,
        access::SignedIn,
        answer::{Page, page},
        frame::Frame,
        ratio::NEVER_HOURS,
    },
    store::console::{HOUR_MS, Place, WaitingRow},
};

/// The route.
pub fn router() -> Router<Console> {
    Router::new().route("/console/checkouts", get(show))
}

#[derive(Template)]
#[template(path = "checkouts.html")]
struct Checkouts {
    frame: Frame,
    query: ListQuery,
    sites: Vec<String>,
    rows: Vec<WaitingRow>,
    next: Option<String>,
    now: i64,
}

impl Checkouts {
    fn total(&self, row: &WaitingRow) -> String {
        let price = row.total_price.as_deref();
        price.map_or_else(
            || "–".to_owned(),
            |price| self.frame.words.amount(price, row.currency.as_deref()),
        )
    }

    fn waited(&self, row: &WaitingRow) -> i64 {
        self.now - row.left_at
    }

    fn is_old(&self, row: &WaitingRow) -> bool {
        self.waited(row) >= NEVER_HOURS * HOUR_MS
    }
}

async fn show(
    SignedIn(frame): SignedIn,
    State(console): State<Console>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Page {
    let Query(query) = query.map_err(|_| ConsoleError::Malformed)?;
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = console
        .store
        .waiting(query.site().as_deref(), query.place().as_ref(), limit)
        .await?;
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let last = rows.last().filter(|_| has_more).map(|row| Place {
        at: row.received_at,
        site: row.site.clone(),
        id: row.checkout_id.clone(),
    });
    page(&Checkouts {
        next: last.map(|place| query.address("/console/checkouts", &place)),
        sites: console.site_keys().await?,
        rows,
        now: now_ms(),
        frame,
        query,
    })
}
