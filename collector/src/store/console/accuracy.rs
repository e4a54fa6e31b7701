//! What the accuracy page counts: departures for the gateways, and by which way purchases became known.

use sqlx::FromRow;

use super::TEST_SOURCE;
use crate::{
    message,
    store::{Store, StoreError, sql},
};

/// Most departures read for one page; of more, the newest.
pub const DEPARTURES_READ_MAX: i64 = 10_000;

/// Most purchases read for one page; of more, the newest.
pub const PURCHASES_READ_MAX: i64 = 10_000;

/// A shopper who left for a gateway, and what is known of them since.
#[derive(Clone, Debug, Default, FromRow)]
pub struct Departure {
    /// The gateway: as the departure or another page told it, else as the purchase's page did; none if none of them knew it.
    pub gateway: Option<String>,
    /// In the shop's words: as in the purchase, else as the checkout page stated it.
    pub payment_method: Option<String>,
    /// The checkout's state.
    pub state: String,
    /// When the shopper left, by the device's clock, in milliseconds since 1970.
    pub left_at: i64,
    /// The purchase's state; none if none is known.
    pub purchase_state: Option<String>,
    /// Whether it counts as an order.
    pub placed: bool,
    /// When the shopper was on a page that stated the purchase, in milliseconds since 1970: by the device's clock where that page's
    /// message was the first of the purchase, else when it arrived. None if no page stated it.
    pub reached_at: Option<i64>,
    /// How many messages say that the shopper was on a page of the shop that stated no purchase.
    pub elsewhere: i64,
    /// How many messages about the purchase came from any page.
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
        // An order that is not placed yet closes no checkout, and a page may have stated it all the same. Of a cart's orders any one:
        // by an expression, because the greatest of a column is looked for from the greatest of the whole site on.
        let mut select = sql(
            "SELECT COALESCE(c.gateway, p.gateway) AS gateway, COALESCE(p.payment_method, c.payment_method) AS payment_method, \
             c.state, c.left_at, p.state AS purchase_state, COALESCE(p.placed, FALSE) AS placed, \
             CASE WHEN p.source NOT IN ($2, $3, $4) THEN p.captured_at ELSE (SELECT MIN(t.at) FROM transitions t \
             WHERE t.site = p.site AND t.purchase_id = p.purchase_id AND t.source NOT IN ($2, $3, $4)) END AS reached_at, \
             (SELECT COUNT(*) FROM checkout_transitions r WHERE r.site = c.site AND r.checkout_id = c.checkout_id \
             AND r.basis <> 'left') + (SELECT COUNT(*) FROM transitions t WHERE t.site = p.site \
             AND t.purchase_id = p.purchase_id AND t.source = $3) AS elsewhere, \
             (SELECT COUNT(*) FROM transitions t WHERE t.site = p.site AND t.purchase_id = p.purchase_id \
             AND t.source <> $2) AS from_pages \
             FROM checkouts c LEFT JOIN purchases p ON p.site = c.site AND p.purchase_id = COALESCE(c.closed_by, \
             (SELECT q.purchase_id FROM purchases q WHERE q.site = c.site AND q.purchase_id = c.purchase_id), \
             (SELECT MAX(q.purchase_id || '') FROM purchases q WHERE q.site = c.site AND q.cart_id = c.cart_id)) \
             WHERE c.left_at >= $1",
        )
        .bind(since)
        .bind(message::SOURCE)
        .bind(message::ORDER_STATUS_SOURCE)
        .bind(TEST_SOURCE);
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
             AND t.purchase_id = purchases.purchase_id AND t.source <> $3) AS from_pages \
             FROM purchases WHERE received_at >= $1 AND placed = TRUE AND source <> $2"
        ))
        .bind(since)
        .bind(TEST_SOURCE)
        .bind(message::SOURCE);
        if let Some(site) = site {
            select.push(" AND site = ").push_bind(site);
        }
        select
            .push(" ORDER BY received_at DESC LIMIT ")
            .push_bind(PURCHASES_READ_MAX);
        self.all(select).await
    }
}
