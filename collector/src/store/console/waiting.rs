//! Open checkouts, page by page.

use sqlx::FromRow;

use super::list::{Place, from_place};
use crate::store::{Store, StoreError, sql};

/// An open checkout. The fields are the columns, which the migrations document.
#[derive(Debug, FromRow)]
#[allow(missing_docs, reason = "the fields are the columns, which the migrations document")]
pub struct WaitingRow {
    pub site: String,
    pub checkout_id: String,
    pub cart_id: Option<String>,
    pub purchase_id: Option<String>,
    pub state: String,
    pub basis: String,
    pub gateway: Option<String>,
    pub left_at: i64,
    pub received_at: i64,
    pub total_price: Option<String>,
    pub currency: Option<String>,
}

impl Store {
    /// Open checkouts, the last heard of first, after a place; of one site or of all.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn waiting(
        &self,
        site: Option<&str>,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<WaitingRow>, StoreError> {
        let mut select = sql(
            "SELECT site, checkout_id, cart_id, purchase_id, state, basis, gateway, left_at, received_at, total_price, \
             currency FROM checkouts WHERE closed_by IS NULL",
        );
        if let Some(site) = site {
            select.push(" AND site = ").push_bind(site);
        }
        if let Some(place) = after {
            from_place(&mut select, place, " AND checkout_id > ");
        }
        select
            .push(" ORDER BY received_at DESC, site, checkout_id LIMIT ")
            .push_bind(limit);
        self.all(select).await
    }
}
