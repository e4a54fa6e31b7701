//! What the accuracy page counts: departures for the gateways, and by which way purchases became known.

use sqlx::FromRow;

use super::TEST_SOURCE;
use crate::store::{Store, StoreError, sql};

/// Most departures read for one page; of more, the newest.
pub const DEPARTURES_READ_MAX: i64 = 10_000;

/// Most purchases read for one page; of more, the newest.
pub const PURCHASES_READ_MAX: i64 = 10_000;

/// A shopper who left for a gateway, and what is known of the purchase that came of it.
#[derive(Debug, FromRow)]
pub struct Departure {
    /// The gateway, if the tag knew it.
    pub gateway: Option<String>,
    /// The checkout's state.
    pub state: String,
    /// When the shopper left, by the device's clock, in milliseconds since 1970.
    pub left_at: i64,
    /// The purchase's state; none while the checkout is open.
    pub purchase_state: Option<String>,
    /// When the purchase arrived, in milliseconds since 1970.
    pub received_at: Option<i64>,
    /// How many messages about the purchase came from a page.
    pub from_pages: i64,
}

/// How one purchase became known.
#[derive(Debug, FromRow)]
pub struct MethodRow {
    /// In the shop's words.
    pub payment_method: Option<String>,
    /// From order to arrival, in milliseconds.
    pub delay: i64,
    /// How many messages about it came from a page.
    pub from_pages: i64,
}

impl Store {
    /// Departures since a time, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn departures(&self, site: Option<&str>, since: i64) -> Result<Vec<Departure>, StoreError> {
        let mut select = sql(
            "SELECT c.gateway, c.state, c.left_at, p.state AS purchase_state, p.received_at, \
             (SELECT COUNT(*) FROM transitions t WHERE t.site = p.site AND t.purchase_id = p.purchase_id \
             AND t.source <> 'server') AS from_pages \
             FROM checkouts c LEFT JOIN purchases p ON p.site = c.site AND p.purchase_id = c.closed_by \
             WHERE c.left_at >= $1",
        )
        .bind(since);
        if let Some(site) = site {
            select.push(" AND c.site = ").push_bind(site);
        }
        select
            .push(" ORDER BY c.left_at DESC LIMIT ")
            .push_bind(DEPARTURES_READ_MAX);
        self.all(select).await
    }

    /// Placed purchases since a time, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn methods(&self, site: Option<&str>, since: i64) -> Result<Vec<MethodRow>, StoreError> {
        let mut select = sql(concat!(
            "SELECT payment_method, ",
            delay!(),
            " AS delay, (SELECT COUNT(*) FROM transitions t WHERE t.site = purchases.site \
             AND t.purchase_id = purchases.purchase_id AND t.source <> 'server') AS from_pages \
             FROM purchases WHERE received_at >= $1 AND placed = TRUE AND source <> $2"
        ))
        .bind(since)
        .bind(TEST_SOURCE);
        if let Some(site) = site {
            select.push(" AND site = ").push_bind(site);
        }
        select
            .push(" ORDER BY received_at DESC LIMIT ")
            .push_bind(PURCHASES_READ_MAX);
        self.all(select).await
    }
}
