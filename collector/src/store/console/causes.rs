//! Refusals without their texts, for grouping them by cause.

use sqlx::FromRow;

use crate::store::{Store, StoreError, sql};

/// Most refusals read for one page; of more, the last heard of.
pub const REFUSALS_READ_MAX: i64 = 5_000;

/// A refusal. The fields are the columns, which the migrations document.
#[derive(Debug, FromRow)]
#[allow(missing_docs, reason = "the fields are the columns, which the migrations document")]
pub struct RefusedRow {
    pub site: String,
    pub digest: String,
    pub source: String,
    pub page: Option<String>,
    pub problems: String,
    pub first_at: i64,
    pub received_at: i64,
    pub times: i64,
}

impl Store {
    /// The refusals last heard of, newest first; of one site or of all.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refused(&self, site: Option<&str>) -> Result<Vec<RefusedRow>, StoreError> {
        let mut select = sql("SELECT site, digest, source, page, problems, first_at, received_at, times FROM refusals");
        if let Some(site) = site {
            select.push(" WHERE site = ").push_bind(site);
        }
        select
            .push(" ORDER BY received_at DESC, site, digest LIMIT ")
            .push_bind(REFUSALS_READ_MAX);
        self.all(select).await
    }
}
