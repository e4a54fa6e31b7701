//! The list of purchases: searched, narrowed, and read page by page from a place, so that a long list costs no more than a short one.

use sqlx::FromRow;

use super::{LATE_MINUTES, MINUTE_MS, TEST_SOURCE};
use crate::store::{Statement, Store, StoreError, sql};

/// Longest text to search for, in bytes.
pub const SEARCH_BYTES_MAX: usize = 200;

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
    pub async fn search(&self, search: &PurchaseSearch) -> Result<Vec<Listed>, StoreError> {
        let mut select = sql(concat!(
            "SELECT site, purchase_id, received_at, source, state, placed, total_price, total_quantity, payment_method, \
             purchase, problems, deliveries, conflicts, ",
            delay!(),
            " AS delay, CASE WHEN EXISTS (SELECT 1 FROM passes WHERE passes.site = purchases.site \
             AND passes.purchase_id = purchases.purchase_id AND passes.state IN ('dead', 'not-sent')) \
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
        if let Some(from) = search.from {
            select.push(" AND received_at >= ").push_bind(from);
        }
        if let Some(until) = search.until {
            select.push(" AND received_at < ").push_bind(until);
        }
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
                " AND EXISTS (SELECT 1 FROM passes WHERE passes.site = purchases.site \
                 AND passes.purchase_id = purchases.purchase_id AND passes.state IN ('waiting', 'dead', 'not-sent'))",
            );
        }
        if !search.with_tests && search.source.as_deref() != Some(TEST_SOURCE) {
            select.push(" AND source <> ").push_bind(TEST_SOURCE);
        }
        if let Some(place) = &search.after {
            from_place(&mut select, place, " AND purchase_id > ");
        }
        select
            .push(" ORDER BY received_at DESC, site, purchase_id LIMIT ")
            .push_bind(search.limit);
        self.all(select).await
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
