//! Sums by hour and by site.

use sqlx::FromRow;

use super::{LATE_MINUTES, MINUTE_MS, TEST_SOURCE};
use crate::store::{Statement, Store, StoreError, sql};

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
        // All databases agree on %, while the division of whole numbers differs.
        let mut select = sql(concat!(
            "SELECT received_at - received_at % 3600000 AS hour, COUNT(*) AS purchases, COUNT(CASE WHEN ",
            delay!(),
            " >= $1 THEN 1 END) AS late FROM purchases WHERE received_at >= $2 AND source <> $3"
        ))
        .bind(LATE_MINUTES * MINUTE_MS)
        .bind(since)
        .bind(TEST_SOURCE);
        if let Some(site) = site {
            select.push(" AND site = ").push_bind(site);
        }
        select.push(" GROUP BY received_at - received_at % 3600000 ORDER BY 1");
        self.all(select).await
    }

    /// The sites that have purchases, by key, each with its last one. Each step jumps over all purchases of one site.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sites_heard(&self) -> Result<Vec<SiteRow>, StoreError> {
        let mut moment = self.moment().await?;
        let mut sites: Vec<SiteRow> = vec![];
        loop {
            // From the last to the first, because then both columns fall, as in the index read backwards.
            let mut last =
                sql("SELECT site, received_at AS last_at FROM purchases WHERE source <> $1").bind(TEST_SOURCE);
            if let Some(known) = sites.last() {
                last.push(" AND site < ").push_bind(&known.site);
            }
            last.push(" ORDER BY site DESC, received_at DESC LIMIT 1");
            match moment.first(last).await? {
                Some(site) => sites.push(site),
                None => break,
            }
        }
        sites.reverse();
        Ok(sites)
    }

    /// How many different contents were refused since a time.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refused_since(&self, site: Option<&str>, since: i64) -> Result<i64, StoreError> {
        let select = sql("SELECT COUNT(*) FROM refusals WHERE received_at >= $1").bind(since);
        self.count(select, site).await
    }

    /// How many checkouts are open that were left at this time or later.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn open_since(&self, site: Option<&str>, since: i64) -> Result<i64, StoreError> {
        let select = sql("SELECT COUNT(*) FROM checkouts WHERE closed_by IS NULL AND left_at >= $1").bind(since);
        self.count(select, site).await
    }

    async fn count(&self, mut select: Statement, site: Option<&str>) -> Result<i64, StoreError> {
        if let Some(site) = site {
            select.push(" AND site = ").push_bind(site);
        }
        let row: Option<(i64,)> = self.first(select).await?;
        Ok(row.map_or(0, |(count,)| count))
    }
}
