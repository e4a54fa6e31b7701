//! Looking at the open checkouts. The rows' fields are the columns, which the migrations document.
#![allow(missing_docs, reason = "the fields are the columns, which the migrations document")]

use std::collections::HashMap;

use serde::Serialize;
use sqlx::FromRow;

use super::{Newest, Statement, Store, StoreError, sql};

/// A checkout with everything that was reported of it.
#[derive(Debug, FromRow, Serialize)]
pub struct CheckoutRow {
    pub site: String,
    pub checkout_id: String,
    pub cart_id: Option<String>,
    pub purchase_id: Option<String>,
    pub state: String,
    pub gateway: Option<String>,
    pub basis: String,
    pub left_at: i64,
    pub first_at: i64,
    pub received_at: i64,
    pub total_price: Option<String>,
    pub total_quantity: Option<i64>,
    pub currency: Option<String>,
    pub closed_by: Option<String>,
    pub closed_at: Option<i64>,
    #[sqlx(skip)]
    pub transitions: Vec<CheckoutTransitionRow>,
}

/// What one report said.
#[derive(Debug, FromRow, Serialize)]
pub struct CheckoutTransitionRow {
    pub at: i64,
    pub state: String,
    pub basis: String,
    pub gateway: Option<String>,
}

#[derive(FromRow)]
struct OfCheckout {
    site: String,
    checkout_id: String,
    #[sqlx(flatten)]
    transition: CheckoutTransitionRow,
}

/// Columns of [`CheckoutRow`].
const COLUMNS: &str = "SELECT site, checkout_id, cart_id, purchase_id, state, gateway, basis, left_at, first_at, received_at, \
                       total_price, total_quantity, currency, closed_by, closed_at FROM checkouts";

impl Store {
    /// Checkouts, the last heard of first; only open or only closed ones if asked for.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn checkouts(&self, query: &Newest, open: Option<bool>) -> Result<Vec<CheckoutRow>, StoreError> {
        let narrow = |select: &mut Statement| {
            query.narrow(select);
            match open {
                Some(true) => drop(select.push(" AND closed_by IS NULL")),
                Some(false) => drop(select.push(" AND closed_by IS NOT NULL")),
                None => {}
            }
            // The key after the time, so that both statements see the same rows.
            select
                .push(" ORDER BY received_at DESC, site, checkout_id LIMIT ")
                .push_bind(query.limit);
        };
        let mut of_checkouts = sql(COLUMNS);
        narrow(&mut of_checkouts);
        let mut of_transitions = sql(
            "SELECT t.site, t.checkout_id, t.at, t.state, t.basis, t.gateway FROM checkout_transitions t \
             JOIN (SELECT site, checkout_id FROM checkouts",
        );
        narrow(&mut of_transitions);
        of_transitions.push(") c ON c.site = t.site AND c.checkout_id = t.checkout_id ORDER BY t.number");

        // Of one moment, so that a row's state is among its transitions.
        let mut moment = self.moment().await?;
        let mut rows: Vec<CheckoutRow> = moment.all(of_checkouts).await?;
        let transitions: Vec<OfCheckout> = moment.all(of_transitions).await?;
        drop(moment);

        let mut by_checkout: HashMap<(String, String), Vec<CheckoutTransitionRow>> = HashMap::new();
        for OfCheckout {
            site,
            checkout_id,
            transition,
        } in transitions
        {
            by_checkout.entry((site, checkout_id)).or_default().push(transition);
        }
        for row in &mut rows {
            let key = (row.site.clone(), row.checkout_id.clone());
            row.transitions = by_checkout.remove(&key).unwrap_or_default();
        }
        Ok(rows)
    }
}
