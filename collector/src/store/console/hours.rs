//! Sums by hour and by site.

use sqlx::FromRow;

use super::{DELAY, HOUR_MS, LATE_MINUTES, MINUTE_MS, TEST_SOURCE};
use crate::store::{Store, StoreError};

/// The purchases of one hour.
#[derive(Clone, Copy, Debug, FromRow, PartialEq, Eq)]
pub struct HourRow {
    /// Its first millisecond, since 1970.
    pub hour: i64,
    /// How many arrived in it.
    pub purchases: i64,
    /// How many of them late.
    pub late: i64,
}

/// A shop as far as the database knows it.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct SiteRow {
    /// Its key.
    pub site: String,
    /// When its last purchase arrived, in milliseconds since 1970.
    pub last_at: i64,
}

impl Store {
    /// The hours since a time in which purchases arrived, oldest first; of one site or of all.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn hours(&self, site: Option<&str>, since: i64) -> Result<Vec<HourRow>, StoreError> {
        // Both databases and their relatives agree on %, while the division of whole numbers differs.
        let select = format!(
            "SELECT received_at - received_at % {HOUR_MS} AS hour, COUNT(*) AS purchases, \
             COUNT(CASE WHEN {DELAY} >= {} THEN 1 END) AS late FROM purchases \
             WHERE received_at >= $1 AND source <> $2 AND ($3 IS NULL OR site = $3) \
             GROUP BY received_at - received_at % {HOUR_MS} ORDER BY 1",
            LATE_MINUTES * MINUTE_MS
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(select))
            .bind(since)
            .bind(TEST_SOURCE)
            .bind(site)
            .fetch_all(&self.readers)
            .await?)
    }

    /// The sites that have purchases, by key, each with its last one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sites_heard(&self) -> Result<Vec<SiteRow>, StoreError> {
        let select = "SELECT site, MAX(received_at) AS last_at FROM purchases WHERE source <> $1 GROUP BY site ORDER BY site";
        Ok(sqlx::query_as(select).bind(TEST_SOURCE).fetch_all(&self.readers).await?)
    }

    /// How many refused payloads came since a time, counting each time it came last only once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refused_since(&self, since: i64) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM refusals WHERE received_at >= $1")
            .bind(since)
            .fetch_one(&self.readers)
            .await?)
    }

    /// How many checkouts are open that were left at this time or later.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn open_since(&self, since: i64) -> Result<i64, StoreError> {
        let select = "SELECT COUNT(*) FROM checkouts WHERE closed_by IS NULL AND left_at >= $1";
        Ok(sqlx::query_scalar(select).bind(since).fetch_one(&self.readers).await?)
    }
}
