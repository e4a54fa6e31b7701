//! Looking at what was kept. The rows' fields are the columns, which the migrations document.
#![allow(missing_docs, reason = "the fields are the columns, which the migrations document")]

use purchase_core::order::State;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::FromRow;

use super::{Loaded, Statement, Store, StoreError, TEST_SOURCE, sql};

/// Columns of [`PurchaseFacts`].
macro_rules! facts {
    () => {
        "site, purchase_id, received_at, captured_at, ordered_at, source, page, record_id, state, placed, order_status, \
         verified_at IS NOT NULL AS verified, verified_at, purchase, problems"
    };
}

/// Which rows a list of the newest has.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Only this site; all if none.
    pub site: Option<String>,
    /// Only what was received later, in milliseconds since 1970.
    pub after: i64,
    /// At most this many.
    pub limit: i64,
}

/// Which purchases to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct PurchaseFilter {
    /// Only those of this state; all if none.
    pub state: Option<State>,
    /// Only those that count as placed, or only those that do not; all if none.
    pub placed: Option<bool>,
}

/// JSON as it was stored; it goes out as it is.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct StoredJson(Box<RawValue>);

impl StoredJson {
    /// The text as it was stored.
    pub fn text(&self) -> &str {
        self.0.get()
    }
}

impl TryFrom<String> for StoredJson {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<StoredJson, serde_json::Error> {
        RawValue::from_string(text).map(StoredJson)
    }
}

/// A purchase as it was received first.
#[derive(Debug, FromRow, Serialize)]
pub struct PurchaseFacts {
    pub site: String,
    pub purchase_id: String,
    pub received_at: i64,
    pub captured_at: i64,
    /// For the console: how late it is.
    #[serde(skip)]
    pub ordered_at: Option<i64>,
    pub source: String,
    pub page: Option<String>,
    pub record_id: String,
    pub state: String,
    pub placed: bool,
    pub order_status: Option<String>,
    /// Whether the shop's server vouches for id, total and date.
    pub verified: bool,
    pub verified_at: Option<i64>,
    #[sqlx(try_from = "String")]
    pub purchase: StoredJson,
    #[sqlx(try_from = "String")]
    pub problems: StoredJson,
}

/// A purchase in a list, with the number of envelopes that came for it and of its other contents.
#[derive(Debug, FromRow, Serialize)]
pub struct PurchaseRow {
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub facts: PurchaseFacts,
    pub deliveries: i64,
    pub conflicts: i64,
}

/// A purchase with its history.
#[derive(Debug, Serialize)]
pub struct PurchaseHistory {
    #[serde(flatten)]
    pub facts: PurchaseFacts,
    pub envelope: String,
    pub deliveries: Vec<DeliveryRow>,
    /// With those that were only counted.
    pub deliveries_total: i64,
    pub transitions: Vec<TransitionRow>,
    pub conflicts: Vec<ConflictRow>,
}

/// One envelope that was received for a purchase.
#[derive(Debug, FromRow, Serialize)]
pub struct DeliveryRow {
    pub number: i64,
    pub record_id: String,
    pub outcome: String,
    pub received_at: i64,
    pub sent_at: Option<i64>,
    pub attempt: Option<i64>,
}

/// What one message said of the order.
#[derive(Debug, FromRow, Serialize)]
pub struct TransitionRow {
    pub at: i64,
    pub state: String,
    pub placed: bool,
    pub order_status: Option<String>,
    pub source: String,
    pub record_id: String,
}

/// Another content of a purchase.
#[derive(Debug, FromRow, Serialize)]
pub struct ConflictRow {
    pub received_at: i64,
    pub times: i64,
    pub source: String,
    #[sqlx(try_from = "String")]
    pub purchase: StoredJson,
    #[sqlx(try_from = "String")]
    pub problems: StoredJson,
    pub envelope: String,
}

/// A refused content.
#[derive(Debug, FromRow, Serialize)]
pub struct RefusalRow {
    pub site: String,
    pub record_id: String,
    pub source: String,
    pub page: Option<String>,
    pub first_at: i64,
    pub received_at: i64,
    pub times: i64,
    #[sqlx(try_from = "String")]
    pub problems: StoredJson,
    pub envelope: String,
}

#[derive(FromRow)]
struct FirstRow {
    #[sqlx(flatten)]
    facts: PurchaseFacts,
    envelope: String,
    deliveries: i64,
}

impl Newest {
    /// Adds the conditions that every list knows.
    pub(super) fn narrow(&self, select: &mut Statement) {
        select.push(" WHERE received_at > ").push_bind(self.after);
        if let Some(site) = &self.site {
            select.push(" AND site = ").push_bind(site.clone());
        }
    }
}

impl Store {
    /// Purchases, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn purchases(&self, query: &Newest, filter: PurchaseFilter) -> Result<Vec<PurchaseRow>, StoreError> {
        let mut select = sql(concat!("SELECT ", facts!(), ", deliveries, conflicts FROM purchases"));
        query.narrow(&mut select);
        // A test purchase counts nowhere.
        select.push(" AND source <> ").push_bind(TEST_SOURCE);
        if let Some(state) = filter.state {
            select.push(" AND state = ").push_bind(state.name());
        }
        if let Some(placed) = filter.placed {
            select.push(" AND placed = ").push_bind(placed);
        }
        self.newest(select, query).await
    }

    /// Refusals, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refusals(&self, query: &Newest) -> Result<Vec<RefusalRow>, StoreError> {
        let mut select =
            sql("SELECT site, record_id, source, page, first_at, received_at, times, problems, envelope FROM refusals");
        query.narrow(&mut select);
        self.newest(select, query).await
    }

    /// One purchase with all that came for it, of one moment; none if it is not known.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn history(&self, site: &str, purchase_id: &str) -> Result<Option<PurchaseHistory>, StoreError> {
        let of_purchase = |text| sql(text).bind(site).bind(purchase_id);
        let mut moment = self.moment().await?;
        let first: Option<FirstRow> = moment
            .first(of_purchase(concat!(
                "SELECT ",
                facts!(),
                ", envelope, deliveries FROM purchases WHERE site = $1 AND purchase_id = $2"
            )))
            .await?;
        let Some(first) = first else { return Ok(None) };
        Ok(Some(PurchaseHistory {
            facts: first.facts,
            envelope: first.envelope,
            deliveries: moment
                .all(of_purchase(
                    "SELECT number, record_id, outcome, received_at, sent_at, attempt FROM deliveries \
                     WHERE site = $1 AND purchase_id = $2 ORDER BY number",
                ))
                .await?,
            deliveries_total: first.deliveries,
            transitions: moment
                .all(of_purchase(
                    "SELECT at, state, placed, order_status, source, record_id FROM transitions \
                     WHERE site = $1 AND purchase_id = $2 ORDER BY number",
                ))
                .await?,
            conflicts: moment
                .all(of_purchase(
                    "SELECT received_at, times, source, purchase, problems, envelope FROM conflicts \
                     WHERE site = $1 AND purchase_id = $2 ORDER BY received_at",
                ))
                .await?,
        }))
    }

    async fn newest<T: Loaded>(&self, mut select: Statement, query: &Newest) -> Result<Vec<T>, StoreError> {
        select.push(" ORDER BY received_at DESC LIMIT ").push_bind(query.limit);
        self.all(select).await
    }
}
