//! The list of purchases: searched, narrowed, and read page by page from a place, so that a long list costs no more than a short one.
//! What no index finds is looked for among so many purchases, and from there on when the reader goes on.

use sqlx::FromRow;

use super::{LATE_MINUTES, MINUTE_MS, TEST_SOURCE};
use crate::store::{Statement, Store, StoreError, sql};

/// Longest text to search for, in bytes.
pub const SEARCH_BYTES_MAX: usize = 200;

/// Most purchases that one page looks at for what no index finds.
pub const SEARCHED_MAX: i64 = 10_000;

/// Where the next page begins: after the row with this key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `received_at`, in milliseconds since 1970.
    pub at: i64,
    /// The row's site.
    pub site: String,
    /// The row's key within its site.
    pub id: String,
}

/// Which purchases; what is none or false does not narrow.
#[derive(Clone, Debug, Default)]
pub struct PurchaseSearch {
    /// Part of the content: an id, a product's name. Case does not matter for ASCII.
    pub text: Option<String>,
    /// The shop's key.
    pub site: Option<String>,
    /// A state's name.
    pub state: Option<String>,
    /// Where the first message came from.
    pub source: Option<String>,
    /// Received at this time or later, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Received before this time, in milliseconds since 1970.
    pub until: Option<i64>,
    /// Only those with a warning or with another content.
    pub has_problems: bool,
    /// Only those that arrived late.
    pub is_late: bool,
    /// Only those that a destination has not taken.
    pub is_unsent: bool,
    /// Also test purchases.
    pub with_tests: bool,
    /// The place where the page begins.
    pub after: Option<Place>,
    /// At most this many rows.
    pub limit: i64,
}

/// A row of the list. The fields are the columns, which the migrations document.
#[derive(Debug, FromRow)]
#[allow(missing_docs, reason = "the fields are the columns, which the migrations document")]
pub struct Listed {
    pub site: String,
    pub purchase_id: String,
    pub received_at: i64,
    pub source: String,
    pub state: String,
    pub placed: bool,
    pub total_price: String,
    pub total_quantity: i64,
    pub payment_method: Option<String>,
    pub purchase: String,
    pub problems: String,
    pub deliveries: i64,
    pub conflicts: i64,
    /// From order to arrival, in milliseconds.
    pub delay: i64,
    /// Whether a destination has not taken it and is not tried again.
    pub is_given_up: bool,
}

/// A page of a search.
#[derive(Debug)]
pub struct Found {
    /// Newest first; before them those that were not looked at and have exactly the id that is searched for.
    pub rows: Vec<Listed>,
    /// What was received at this time, in milliseconds since 1970, or before was not looked at; none if all was.
    pub horizon: Option<i64>,
}

/// A text in LIKE's language that matches wherever the text is part of a value, with `\` as escape.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Store {
    /// The newest purchases of a search.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn search(&self, search: &PurchaseSearch) -> Result<Found, StoreError> {
        let horizon = if search.looks_at_contents() {
            self.horizon(search).await?
        } else {
            None
        };
        let mut select = narrowed(search);
        // Always, because SQLite sorts all rows where nothing narrows what they are ordered by.
        let beyond = horizon.unwrap_or(i64::MIN);
        select.push(" AND received_at > ").push_bind(beyond);
        select
            .push(" ORDER BY received_at DESC, site, purchase_id LIMIT ")
            .push_bind(search.limit);
        let mut rows = self.all(select).await?;
        if let (Some(horizon), Some(id), None) = (horizon, &search.text, &search.after) {
            let known = self.of_id(search, id, horizon).await?;
            rows.splice(..0, known);
        }
        Ok(Found { rows, horizon })
    }

    /// When the first purchase was received that one page may not look at any more; none if it may look at all.
    async fn horizon(&self, search: &PurchaseSearch) -> Result<Option<i64>, StoreError> {
        let mut select = sql("SELECT received_at FROM purchases WHERE 1 = 1");
        if let Some(site) = &search.site {
            select.push(" AND site = ").push_bind(site);
        }
        within(&mut select, search);
        if let Some(place) = &search.after {
            select.push(" AND received_at <= ").push_bind(place.at);
        }
        select
            .push(" ORDER BY received_at DESC LIMIT 1 OFFSET ")
            .push_bind(SEARCHED_MAX);
        let row: Option<(i64,)> = self.first(select).await?;
        Ok(row.map(|(at,)| at))
    }

    /// The purchases of exactly this id, however old: what somebody asks for with an order's number at hand.
    async fn of_id(&self, search: &PurchaseSearch, id: &str, horizon: i64) -> Result<Vec<Listed>, StoreError> {
        let sites = match &search.site {
            Some(site) => vec![site.clone()],
            None => self.sites_heard().await?.into_iter().map(|row| row.site).collect(),
        };
        let mut found = vec![];
        for site in sites {
            let mut select = narrowed(&PurchaseSearch {
                site: Some(site),
                ..search.clone()
            });
            select.push(" AND purchase_id = ").push_bind(id);
            select.push(" AND received_at <= ").push_bind(horizon);
            found.extend(self.first(select).await?);
        }
        Ok(found)
    }
}

impl PurchaseSearch {
    /// Whether it narrows by what no index finds.
    fn looks_at_contents(&self) -> bool {
        let texts = [&self.text, &self.state, &self.source];
        texts.into_iter().any(Option::is_some) || self.has_problems || self.is_late || self.is_unsent
    }
}

/// The rows of a search, in no order. Entries are counted, because PostgreSQL answers an `EXISTS` here by reading all there are.
fn narrowed(search: &PurchaseSearch) -> Statement {
    let mut select = sql(concat!(
        "SELECT site, purchase_id, received_at, source, state, placed, total_price, total_quantity, payment_method, \
         purchase, problems, deliveries, conflicts, ",
        delay!(),
        " AS delay, CASE WHEN (SELECT COUNT(*) FROM passes WHERE passes.site = purchases.site \
         AND passes.purchase_id = purchases.purchase_id AND passes.state IN ('dead', 'not-sent')) > 0 \
         THEN TRUE ELSE FALSE END AS is_given_up FROM purchases WHERE 1 = 1"
    ));
    let mut equal = |condition: &'static str, value: &Option<String>| {
        if let Some(value) = value {
            select.push(condition).push_bind(value);
        }
    };
    equal(" AND site = ", &search.site);
    equal(" AND state = ", &search.state);
    equal(" AND source = ", &search.source);
    if let Some(text) = &search.text {
        // The content holds the id, the products and, if the shop wants it kept, the buyer.
        select
            .push(" AND LOWER(purchase) LIKE LOWER(")
            .push_bind(containing(text))
            .push(r") ESCAPE '\'");
    }
    within(&mut select, search);
    if search.has_problems {
        select.push(r#" AND (conflicts > 0 OR problems LIKE '%"severity":"warning"%')"#);
    }
    if search.is_late {
        select
            .push(concat!(" AND ", delay!(), " >= "))
            .push_bind(LATE_MINUTES * MINUTE_MS);
    }
    if search.is_unsent {
        select.push(
            " AND (SELECT COUNT(*) FROM passes WHERE passes.site = purchases.site \
             AND passes.purchase_id = purchases.purchase_id AND passes.state IN ('waiting', 'dead', 'not-sent')) > 0",
        );
    }
    if !search.with_tests && search.source.as_deref() != Some(TEST_SOURCE) {
        select.push(" AND source <> ").push_bind(TEST_SOURCE);
    }
    if let Some(place) = &search.after {
        from_place(&mut select, place, " AND purchase_id > ");
    }
    select
}

/// Narrows to the days of a search.
fn within(select: &mut Statement, search: &PurchaseSearch) {
    if let Some(from) = search.from {
        select.push(" AND received_at >= ").push_bind(from);
    }
    if let Some(until) = search.until {
        select.push(" AND received_at < ").push_bind(until);
    }
}

/// Narrows to what comes after a place in the order `received_at DESC, site, id`; `after` compares the id.
pub(super) fn from_place(select: &mut Statement, place: &Place, after: &'static str) {
    select
        .push(" AND (received_at < ")
        .push_bind(place.at)
        .push(" OR (received_at = ")
        .push_bind(place.at)
        .push(" AND (site > ")
        .push_bind(&place.site)
        .push(" OR (site = ")
        .push_bind(&place.site)
        .push(after)
        .push_bind(&place.id)
        .push("))))");
}
